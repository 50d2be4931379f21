package dev.agentservice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Somebody outside, who sends byte for byte what no well-behaved client would. */
final class GatewayCaller {

  /** What came back; of a header that is there twice, the last. */
  record Answer(int status, Map<String, String> headers, String body) {

    String reason() {
      return headers.getOrDefault("x-edge-reason", "");
    }
  }

  private static final int PATIENCE_MILLIS = 20_000;
  private static final SSLContext TLS = trusting();

  private GatewayCaller() {}

  /**
   * Sends one request.
   *
   * @param server the name that TLS is asked for
   * @param head request line and headers, without the empty line at the end
   */
  static Answer send(String server, String head) {
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), Gateway.PORT);
        var socket =
            (SSLSocket) TLS.getSocketFactory().createSocket(plain, server, Gateway.PORT, true)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(server)));
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      socket.setSSLParameters(parameters);
      socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      return read(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(head.lines().findFirst().orElse(""), e);
    }
  }

  private static Answer read(Socket socket) throws IOException {
    var in = socket.getInputStream();
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      var next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    var lines = head.toString().strip().split("\r\n", -1);
    var headers = new TreeMap<String, String>();
    for (var i = 1; i < lines.length; i++) {
      var header = lines[i].split(":", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1].strip());
    }
    var status = Integer.parseInt(lines[0].split(" ", 3)[1]);
    var length = status == 101 ? "11" : headers.get("content-length"); // one frame: connected
    var body = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
    return new Answer(status, headers, new String(body, StandardCharsets.ISO_8859_1));
  }

  /** The certificate is made by the test itself. */
  private static SSLContext trusting() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          null,
          new TrustManager[] {
            new X509TrustManager() {
              @Override
              public void checkClientTrusted(X509Certificate[] chain, String type) {}

              @Override
              public void checkServerTrusted(X509Certificate[] chain, String type) {}

              @Override
              public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
              }
            }
          },
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
