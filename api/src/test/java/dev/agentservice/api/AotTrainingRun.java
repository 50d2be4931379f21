package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The run from which the image's AOT cache for the API is recorded: the API, as the image starts
 * it, answering calls. Being no {@code *Test}, it runs only where the image's build names it, and
 * there.
 */
@OnApiServer
class AotTrainingRun {

  private static final Path BUILD = Path.of("target", "image").toAbsolutePath();

  /** The image's {@code /app} before it is an image. */
  private static final Path APP = BUILD.resolve("app");

  private static final int ROUNDS = 200;

  @TempDir private Path work;

  @Test
  void record(Kubernetes kubernetes) throws Exception {
    var tenant = Tenant.in(kubernetes).withDeployment();
    var port = freePort();
    var healthPort = freePort();
    var api = start(kubernetes, port, healthPort);
    try {
      Awaitility.await()
          .atMost(1, TimeUnit.MINUTES)
          .ignoreExceptions()
          .until(() -> Http.get(healthPort, "/readyz").statusCode() == 200);
      for (var round = 0; round < ROUNDS; round++) {
        call(tenant, port, round);
        Http.get(healthPort, "/metrics");
      }
      api.destroy();
      assertThat(api.waitFor(5, TimeUnit.MINUTES)).as("the cache is written").isTrue();
      assertThat(APP.resolve("api.aot")).isNotEmptyFile();
    } finally {
      api.destroyForcibly().waitFor();
    }
  }

  private Process start(Kubernetes kubernetes, int port, int healthPort) throws IOException {
    var process =
        new ProcessBuilder(
            APP.resolve("runtime/bin/java").toString(),
            "-XX:AOTCacheOutput=" + APP.resolve("api.aot"),
            "-jar",
            APP.resolve("api.jar").toString());
    process.environment().put("KUBECONFIG", kubernetes.kubeconfig(work).toString());
    process.environment().put("API_PORT", Integer.toString(port));
    process.environment().put("HEALTH_PORT", Integer.toString(healthPort));
    process.environment().put("POD_NAMESPACE", "default");
    process.environment().put("LOG_FORMAT", "json");
    return process
        .redirectErrorStream(true)
        .redirectOutput(BUILD.resolve("api-training.log").toFile())
        .start();
  }

  private static void call(Tenant tenant, int port, int round) {
    var services = "/d/services";
    var created =
        send(
            request(tenant, port, services)
                .header("Idempotency-Key", "key-" + round)
                .POST(Http.body("{\"version_id\": null, \"envs\": {\"TOKEN\": \"value\"}}")));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    var service = services + "/" + Http.json(created).path("id").asText();
    for (var path : List.of(service, services, service + "/logs", "", "/d", "/d/versions")) {
      assertThat(send(request(tenant, port, path)).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(send(request(tenant, port, services + "/none")).statusCode()).isEqualTo(404);
    var stopped = send(request(tenant, port, service + "/stop").POST(Http.body("{}")));
    assertThat(stopped.statusCode()).as(stopped.body()).isEqualTo(200);
  }

  private static HttpRequest.Builder request(Tenant tenant, int port, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/v1/agent-deployments" + path))
        .header("Authorization", "Bearer " + tenant.user())
        .header("Content-Type", "application/json");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    return Http.send(request.build());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
