package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Services at rest cost the API server nothing. */
class AtRestTest {

  private static final int SERVICES = 5;

  /** A fixed time cannot be avoided here: the point is that nothing happens in it. */
  private static final Duration WINDOW = Duration.ofSeconds(20);

  /** The deployment's counts are written up to 5 s after the last service became ready. */
  private static final Duration SETTLING = Duration.ofSeconds(6);

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void readyServicesCostNoRequest() throws IOException {
    assumeTrue(Cluster.auditLog().isPresent(), "CLUSTER_AUDIT_LOG names no audit log");
    var log = Cluster.auditLog().get();
    tenant.applyDeployment(template -> template);
    for (var i = 0; i < SERVICES; i++) {
      var secret = "env-" + i;
      tenant.applyTransientSecret(secret, Map.of("API_TOKEN", "value"));
      tenant.applyService("s" + i, spec -> spec.withEnvSecret(new EnvSecret(secret)));
    }
    for (var i = 0; i < SERVICES; i++) {
      tenant.awaitReady("s" + i);
    }
    pass(SETTLING);

    var mark = Files.size(log);
    pass(WINDOW);
    var records = since(log, mark);

    assertThat(records).as("the log is written: the lease is renewed").isNotEmpty();
    var costs = records.stream().filter(this::costs).map(JsonNode::toString).toList();
    System.out.printf(
        "measured: %d ready services, %d s: %d requests of the operator beside its lease, of %d in all%n",
        SERVICES, WINDOW.toSeconds(), costs.size(), records.size());
    assertThat(costs).isEmpty();
  }

  private static void pass(Duration time) {
    await().pollDelay(time).atMost(time.multipliedBy(2)).until(() -> true);
  }

  /**
   * A request of the operator about these services, or about those of all namespaces at once. A
   * watch that has run out and begins anew is the API server's wish.
   */
  private boolean costs(JsonNode request) {
    var object = request.path("objectRef");
    var namespace = object.path("namespace").asText();
    return request.path("user").path("username").asText().equals(Cluster.OPERATOR_USER)
        && !request.path("verb").asText().equals("watch")
        && !object.path("resource").asText().equals("leases")
        && (namespace.isEmpty() || namespace.equals(tenant.namespace()));
  }

  private static List<JsonNode> since(Path log, long mark) throws IOException {
    try (var channel = Files.newByteChannel(log)) {
      channel.position(mark);
      var text =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> line.startsWith("{") && line.endsWith("}")) // not half written
          .map(line -> Serialization.unmarshal(line, JsonNode.class))
          .toList();
    }
  }
}
