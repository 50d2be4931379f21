package dev.agentservice.operator.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What the operator says to a launcher, as bytes for its standard input. */
final class LauncherRequest {

  static final String PROTOCOL = "agentservice-launcher/1";

  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] bytes;

  private LauncherRequest(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Start the agent with this env beside that of the container. */
  static LauncherRequest start(Nonce nonce, Env env) {
    var body = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(body)) {
      json.writeStartObject();
      json.writeStringField("nonce", nonce.text());
      json.writeObjectFieldStart("env");
      for (var entry : env.values().entrySet()) {
        json.writeStringField(entry.getKey(), entry.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing in memory answers so
    }
    var head = line("start " + body.size());
    var message = new ByteArrayOutputStream(head.length + body.size());
    message.writeBytes(head);
    message.writeBytes(body.toByteArray());
    return new LauncherRequest(message.toByteArray());
  }

  /** Say how the agent is. */
  static LauncherRequest status(Nonce nonce) {
    return new LauncherRequest(line("status " + nonce.text()));
  }

  private static byte[] line(String words) {
    return (PROTOCOL + " " + words + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return "LauncherRequest of " + bytes.length + " bytes";
  }
}
