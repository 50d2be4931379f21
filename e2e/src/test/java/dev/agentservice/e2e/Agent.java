package dev.agentservice.e2e;

import dev.agentservice.e2e.chaos.EnvDigest;
import dev.agentservice.e2e.chaos.Pause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.UUID;

/**
 * A running agent, called by the API server's proxy, which reaches it on any cluster.
 *
 * @param target its Service, or its pod
 */
record Agent(Tenant tenant, String target) {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  String get(String path) {
    return call(path, "GET", null);
  }

  String post(String path, String body) {
    return call(path, "POST", body);
  }

  /** Tells the agent to do what may end it before it has answered. */
  void misbehave(String path) {
    try {
      post(path, "");
    } catch (KubernetesClientException e) {
      // the test sees in the service's status what came of it
    }
  }

  /** Whether the agent's process has this env value, without the value leaving it. */
  boolean has(String name, String value) {
    var nonce = UUID.randomUUID().toString();
    return get(EnvDigest.path(name, nonce)).strip().equals(EnvDigest.of(value, nonce));
  }

  /** Made again where the proxy does not know the agent yet: it goes by Endpoints, which lag. */
  private String call(String path, String method, String body) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return callOnce(path, method, body);
      } catch (KubernetesClientException e) {
        if (!e.getMessage().contains("no endpoints available") || System.nanoTime() > end) {
          throw e;
        }
        Pause.millis(100);
      }
    }
  }

  private String callOnce(String path, String method, String body) {
    return tenant
        .client()
        .raw(
            "/api/v1/namespaces/%s/%s:%d/proxy%s"
                .formatted(tenant.namespace(), target, Tenant.PORT, path),
            method,
            body);
  }
}
