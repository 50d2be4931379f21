package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the installed replicas tell Prometheus. */
class MetricsTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void oneReplicaLeadsAndOnlyItCountsServices() {
    tenant.applyDeployment(template -> template);
    tenant.applyService("s", spec -> spec);
    tenant.awaitReady("s");

    Tenant.patiently()
        .untilAsserted(
            () -> {
              var replicas = scrapeAll();
              assertThat(replicas).hasSize(2);
              assertThat(replicas)
                  .filteredOn(told -> told.contains("\nagentservice_leader 1.0\n"))
                  .singleElement()
                  .asString()
                  .containsPattern("agentservice_services\\{phase=\"ready\"} [1-9]")
                  .contains("agentservice_phase_transitions_total{phase=\"ready\"");
              assertThat(replicas)
                  .filteredOn(told -> told.contains("\nagentservice_leader 0.0\n"))
                  .singleElement()
                  .asString()
                  .doesNotContain("agentservice_services")
                  .contains("agentservice_heap_used_bytes");
            });
  }

  private static List<String> scrapeAll() {
    return Cluster.client()
        .pods()
        .inNamespace("agentservice-system")
        .withLabel("app.kubernetes.io/component", "operator")
        .list()
        .getItems()
        .stream()
        .map(MetricsTest::scrape)
        .toList();
  }

  private static String scrape(Pod replica) {
    return Cluster.client()
        .raw(
            "/api/v1/namespaces/agentservice-system/pods/%s:8081/proxy/metrics"
                .formatted(replica.getMetadata().getName()));
  }
}
