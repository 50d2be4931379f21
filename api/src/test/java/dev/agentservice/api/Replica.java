package dev.agentservice.api;

import dev.agentservice.api.service.Steps;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One server in this process, on ports of its own. */
final class Replica implements AutoCloseable {

  private final KubernetesClient client;
  private final ApiServer server;

  private Replica(
      KubernetesClient client, Map<String, String> environment, Clock clock, Steps steps) {
    this.client = client;
    var settings = new HashMap<>(Map.of("POD_NAMESPACE", "default"));
    settings.putAll(environment);
    settings.putAll(Map.of("API_PORT", "0", "HEALTH_PORT", "0"));
    server = new ApiServer(Settings.from(settings), client, clock, steps);
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> Http.get(server.healthPort(), "/readyz").statusCode() == 200);
  }

  static Replica of(Kubernetes kubernetes) {
    return of(kubernetes, Steps.UNHEARD);
  }

  static Replica of(Kubernetes kubernetes, Steps steps) {
    return of(kubernetes.newClient(), Map.of(), steps);
  }

  static Replica of(KubernetesClient client, Map<String, String> environment, Steps steps) {
    return new Replica(client, environment, Clock.systemUTC(), steps);
  }

  static Replica of(KubernetesClient client, Map<String, String> environment, Clock clock) {
    return new Replica(client, environment, clock, Steps.UNHEARD);
  }

  int port() {
    return server.port();
  }

  int edgePort() {
    return server.edgePort();
  }

  int healthPort() {
    return server.healthPort();
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
