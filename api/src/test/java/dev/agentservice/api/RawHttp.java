package dev.agentservice.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bytes as a client sends them that keeps to no rules. */
final class RawHttp {

  /** An answer as far as it goes. */
  record Answer(int status, String body) {}

  private RawHttp() {}

  static Answer post(Replica replica, String path, String token, List<String> keys, String body)
      throws IOException {
    var head =
        new StringBuilder("POST /v1/agent-deployments" + path + " HTTP/1.1\r\nHost: x\r\n")
            .append("Authorization: Bearer " + token + "\r\n")
            .append("Content-Type: application/json\r\n")
            .append("Connection: close\r\n")
            .append("Content-Length: " + body.length() + "\r\n");
    keys.forEach(key -> head.append("Idempotency-Key: " + key + "\r\n"));
    return send(replica.port(), head + "\r\n" + body);
  }

  static Answer send(int port, String text) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      return read(socket);
    }
  }

  /** All that comes until the server ends the connection. */
  static Answer read(Socket socket) throws IOException {
    var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var parts = text.split("\r\n\r\n", 2);
    var status = text.isEmpty() ? 0 : Integer.parseInt(text.split(" ", 3)[1]);
    return new Answer(status, parts.length == 2 ? parts[1] : "");
  }
}
