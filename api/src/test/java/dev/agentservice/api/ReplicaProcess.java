package dev.agentservice.api;

import dev.agentservice.api.service.Steps.Step;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One server as a process of its own, that ends as by SIGKILL before a step. */
final class ReplicaProcess implements AutoCloseable {

  private final Process process;
  private final int port;

  private ReplicaProcess(Process process, int port, int healthPort) {
    this.process = process;
    this.port = port;
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() -> Http.get(healthPort, "/readyz").statusCode() == 200);
  }

  static ReplicaProcess start(Kubernetes kubernetes, Step fatal) throws IOException {
    var folder = Files.createTempDirectory("replica");
    var port = freePort();
    var healthPort = freePort();
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG", kubernetes.kubeconfig(folder).toString(),
                "API_PORT", Integer.toString(port),
                "HEALTH_PORT", Integer.toString(healthPort),
                "POD_NAMESPACE", "default",
                "FAULT_POINT", fatal.name()));
    return new ReplicaProcess(builder.inheritIO().start(), port, healthPort);
  }

  /** Empty where the connection ended without an answer. */
  Optional<Integer> create(Tenant tenant, String key, String body) {
    return post(tenant, "/d/services", key, body);
  }

  /** Empty where the connection ended without an answer. */
  Optional<Integer> post(Tenant tenant, String path, String key, String body) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/v1/agent-deployments" + path))
            .header("Authorization", "Bearer " + tenant.user())
            .header("Idempotency-Key", key)
            .POST(Http.body(body))
            .build();
    try {
      return Optional.of(Http.send(request).statusCode());
    } catch (java.io.UncheckedIOException _) {
      return Optional.empty();
    }
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
