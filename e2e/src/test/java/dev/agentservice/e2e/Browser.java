package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Debian's Chromium without a window, led by its DevTools protocol. One page. */
final class Browser implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  private final Path profile;
  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final WebSocket devtools;
  private int lastId;

  /**
   * Starts it.
   *
   * @param domain whose hosts are this machine, with whatever certificate
   */
  Browser(String domain) {
    try {
      profile = Files.createTempDirectory("browser");
      process =
          new ProcessBuilder(
                  System.getenv("CHROMIUM"),
                  "--headless=new",
                  "--no-sandbox", // it runs as root here, and visits our own pages alone
                  "--disable-gpu",
                  "--ignore-certificate-errors",
                  "--window-size=760,420",
                  "--host-resolver-rules=MAP *." + domain + " 127.0.0.1",
                  "--user-data-dir=" + profile,
                  "--remote-debugging-port=0",
                  "--remote-allow-origins=*",
                  "about:blank")
              .redirectErrorStream(true)
              .redirectOutput(profile.resolve("output").toFile())
              .start();
      var port = profile.resolve("DevToolsActivePort");
      Tenant.patiently().until(() -> Files.exists(port) && Files.readAllLines(port).size() > 1);
      devtools = connect(Files.readAllLines(port).getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void open(String url) {
    command("Page.navigate", Map.of("url", url));
  }

  /** What an expression comes to in the page, as text. */
  String evaluate(String expression) {
    return command(
            "Runtime.evaluate",
            Map.of("expression", "String(" + expression + ")", "awaitPromise", true))
        .at("/result/value")
        .asText();
  }

  /** What a promise comes to in the page, as text. */
  String promised(String expression) {
    return command("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true))
        .at("/result/value")
        .asText();
  }

  void awaitPage(String expression, String expected) {
    Tenant.patiently().untilAsserted(() -> assertThat(evaluate(expression)).isEqualTo(expected));
  }

  void screenshot(Path file) throws IOException {
    var image = command("Page.captureScreenshot", Map.of("format", "png")).path("data").asText();
    Files.write(file, Base64.getDecoder().decode(image));
  }

  @Override
  public void close() {
    devtools.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    http.close();
    Cluster.bash("rm -rf " + profile);
  }

  private WebSocket connect(String port) throws IOException {
    try {
      var pages =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build(),
              BodyHandlers.ofString());
      for (var page : Serialization.unmarshal(pages.body(), JsonNode.class)) {
        if (page.path("type").asText().equals("page")) {
          return http.newWebSocketBuilder()
              .buildAsync(URI.create(page.path("webSocketDebuggerUrl").asText()), new Answers())
              .join();
        }
      }
      throw new IllegalStateException("no page: " + pages.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private JsonNode command(String method, Map<String, ?> parameters) {
    lastId++;
    var command = Map.of("id", lastId, "method", method, "params", parameters);
    devtools.sendText(Serialization.asJson(command), true).join();
    try {
      while (true) {
        var answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(answer).as("the browser answers %s", method).isNotNull();
        if (answer.path("id").asInt() == lastId) {
          return answer.path("result");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Messages come in parts. */
  private final class Answers implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        answers.add(Serialization.unmarshal(text.toString(), JsonNode.class));
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }
  }
}
