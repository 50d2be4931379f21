package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Services at rest cost the API server nothing. {@code make at-rest} is the same with many services
 * and for longer.
 */
class AtRestTest {

  private static final int SERVICES = Integer.getInteger("atRest.services", 5);

  /** So many more bring transient env: a late copy of its Secret is looked for, once. */
  private static final int WITH_ENV = Integer.getInteger("atRest.withEnv", 5);

  /** A fixed time cannot be avoided here: the point is that nothing happens in it. */
  private static final Duration WINDOW =
      Duration.ofSeconds(Integer.getInteger("atRest.seconds", 20));

  /**
   * The deployment's counts are written up to 5 s after the last service became ready; later on a
   * busy machine.
   */
  private static final Duration SETTLING = Duration.ofSeconds(15);

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  @Timeout(3600)
  void readyServicesCostNoRequest() throws IOException {
    assumeTrue(Cluster.auditLog().isPresent(), "CLUSTER_AUDIT_LOG names no audit log");
    var log = Cluster.auditLog().get();
    startAll();
    pass(SETTLING);

    var mark = Files.size(log);
    pass(WINDOW);
    var records = since(log, mark);
    assertThat(readyServices()).hasSize(SERVICES + WITH_ENV);

    assertThat(records).as("the log is written: the lease is renewed").isNotEmpty();
    var costs = records.stream().filter(this::costs).toList();
    var lateLooks = costs.stream().filter(AtRestTest::isLateLook).toList();
    System.out.printf(
        "measured: %d ready services, %d s: %d requests of the operator beside its lease, of %d in all;"
            + " for %d with transient env also %s%n",
        SERVICES,
        WINDOW.toSeconds(),
        costs.size() - lateLooks.size(),
        records.size(),
        WITH_ENV,
        lateLooks.stream().collect(Collectors.groupingBy(AtRestTest::kind, Collectors.counting())));
    assertThat(costs).filteredOn(request -> !isLateLook(request)).isEmpty();
    assertThat(lateLooks)
        .as("once each: a look for the Secret, and the word that it was done")
        .doesNotHaveDuplicates()
        .extracting(request -> kind(request) + " " + request.at("/objectRef/name").asText())
        .doesNotHaveDuplicates();
  }

  private void startAll() {
    tenant.applyDeployment(
        template ->
            template
                .withResources(
                    new Resources(
                        Map.of("cpu", new Quantity("1m"), "memory", new Quantity("1Mi")), null))
                .withReadiness(new Readiness(new Readiness.HttpCheck("/healthz"), null, 5, 10))
                .withStartTimeoutSeconds(1800));
    for (var i = 0; i < SERVICES; i++) {
      tenant.applyService("s-" + i, spec -> spec);
    }
    for (var i = 0; i < WITH_ENV; i++) {
      var name = "env-" + i;
      tenant.applyTransientSecret(name, Map.of("API_TOKEN", "value"));
      tenant.applyService(name, spec -> spec.withEnvSecret(new EnvSecret(name)));
    }
    await()
        .atMost(Duration.ofMinutes(15))
        .untilAsserted(() -> assertThat(readyServices()).hasSize(SERVICES + WITH_ENV));
  }

  private List<AgentService> readyServices() {
    var services = tenant.client().resources(AgentService.class).inNamespace(tenant.namespace());
    return services.list().getItems().stream()
        .filter(service -> service.getStatus().phase() == Phase.READY)
        .toList();
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

  /** Ten minutes after its env arrived, a service looks for its Secret once more. */
  private static boolean isLateLook(JsonNode request) {
    return request.at("/objectRef/name").asText().startsWith("env-")
        && List.of("get secrets", "update agentservices/status").contains(kind(request));
  }

  private static String kind(JsonNode request) {
    var object = request.path("objectRef");
    var subresource = object.path("subresource").asText();
    return request.path("verb").asText()
        + " "
        + object.path("resource").asText()
        + (subresource.isEmpty() ? "" : "/" + subresource);
  }

  private static List<JsonNode> since(Path log, long mark) throws IOException {
    try (var channel = Files.newByteChannel(log)) {
      channel.position(mark);
      var text =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> line.startsWith("{") && line.endsWith("}")) // not half written
          .map(line -> Serialization.unmarshal(line, JsonNode.class))
          .filter(request -> request.path("stage").asText().equals("RequestReceived"))
          .toList();
    }
  }
}
