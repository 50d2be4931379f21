package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The run from which the image's AOT cache is recorded: the operator, as the image starts it, at
 * its daily work. Being no {@code *Test}, it runs only where the image's build names it, and there.
 */
@OnApiServer
class AotTrainingRun {

  private static final Path BUILD = Path.of("target", "image").toAbsolutePath();

  /** The image's {@code /app} before it is an image. */
  private static final Path APP = BUILD.resolve("app");

  private static final int ROUNDS = 3;

  private static final int SERVICES_PER_ROUND = 20;

  @Test
  void record(ControlPlane plane) throws Exception {
    var port = freePort();
    var operator = start(plane, port);
    try {
      awaitReady(port);
      for (var round = 0; round < ROUNDS; round++) {
        live(Tenant.in(plane));
        probe(port, "/healthz");
        probe(port, "/metrics");
      }
      operator.destroy();
      assertThat(operator.waitFor(5, TimeUnit.MINUTES)).as("the cache is written").isTrue();
      assertThat(APP.resolve("operator.aot")).isNotEmptyFile();
    } finally {
      operator.destroyForcibly().waitFor();
    }
  }

  private Process start(ControlPlane plane, int port) throws IOException {
    var process =
        new ProcessBuilder(
            APP.resolve("runtime/bin/java").toString(),
            "@" + APP.resolve("operator.options"),
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-AOTRecordTraining", // no profiles: C1 would compile at each start all that they
            // name
            "-XX:AOTCacheOutput=" + APP.resolve("operator.aot"),
            "-jar",
            APP.resolve("operator.jar").toString());
    process.environment().putAll(plane.environmentAsInPod());
    process.environment().put("HEALTH_PORT", Integer.toString(port));
    process.environment().put("POD_NAMESPACE", plane.newNamespace());
    process.environment().put("POD_NAME", "training");
    process.environment().put("LOG_FORMAT", "json");
    return process
        .redirectErrorStream(true)
        .redirectOutput(BUILD.resolve("training.log").toFile())
        .start();
  }

  private static void live(Tenant tenant) {
    var names = IntStream.range(0, SERVICES_PER_ROUND).mapToObj(n -> "s" + n).toList();
    tenant.applyService("early", spec -> spec);
    tenant.applyDeployment("example:1");
    for (var name : names) {
      tenant.applyTransientSecret(name);
      tenant.applyService(
          name, spec -> spec.withEnvSecret(new EnvSecret(name)).withTtlSecondsAfterFinished(1));
    }
    awaitAll(tenant, names, Phase.READY);
    tenant.editImage("example:2");
    tenant.editService("early", spec -> spec.withRestartId("again"));
    for (var name : names) {
      tenant.editService(name, spec -> spec.withDesiredState(DesiredState.STOPPED));
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> tenant.service(names.getLast()) == null);
    tenant.awaitPhase("early", Phase.READY);
    tenant.client().namespaces().withName(tenant.namespace()).delete();
  }

  private static void awaitAll(Tenant tenant, List<String> names, Phase phase) {
    names.forEach(name -> tenant.awaitPhase(name, phase));
  }

  private static void awaitReady(int port) {
    await().atMost(Duration.ofMinutes(1)).until(() -> probe(port, "/readyz"));
  }

  private static boolean probe(int port, String path) throws InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false; // it does not listen yet
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
