package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              var replicas = Cluster.metrics("operator");
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
}
