package dev.agentservice.operator.apiserver;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.Settings;
import dev.agentservice.operator.metrics.Metric;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.metrics.RequestMetrics;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What Prometheus reads from a running operator. It serves one tenant, so that counts are exact.
 */
@OnApiServer
class MetricsOnApiServerTest {

  private Tenant tenant;
  private KubernetesClient client;
  private AgentServiceOperator operator;
  private Scrape scrape;

  @BeforeEach
  void startOperator(ControlPlane plane) {
    tenant = Tenant.in(plane);
    scrape = new Scrape(Scrape.freePort());
    var metrics = new OperatorMetrics();
    client = plane.newOperatorClient(new RequestMetrics(metrics));
    operator = new AgentServiceOperator(settings(tenant, scrape.port()), client, metrics);
    operator.start();
  }

  @AfterEach
  void stopOperator() {
    operator.close();
    client.close();
  }

  @Test
  void everyMetricOfTheDocsIsThereAndNoOther() {
    liveThroughEverything();

    await()
        .untilAsserted(
            () -> {
              var told = scrape.read();
              assertThat(told.types())
                  .isEqualTo(
                      Arrays.stream(Metric.values())
                          .collect(
                              TreeMap::new,
                              (types, metric) ->
                                  types.put(
                                      metric.metricName(),
                                      metric.type().name().toLowerCase(Locale.ROOT)),
                              Map::putAll));
              assertThat(told.labels())
                  .isEqualTo(
                      Arrays.stream(Metric.values())
                          .collect(
                              groupingBy(
                                  Metric::metricName,
                                  TreeMap::new,
                                  mapping(metric -> Set.copyOf(metric.labels()), toSet()))));
              for (var metric : Metric.values()) {
                assertThat(told.meaning(metric.metricName())).isEqualTo(metric.meaning());
              }
            });
  }

  @Test
  void noNameIsALabel() {
    liveThroughEverything();

    assertThat(scrape.read().text())
        .doesNotContain(tenant.namespace(), "canary", "env-1", "\"d\"", "\"s\"");
  }

  @Test
  void servicesAreCountedAsTheyAre() {
    tenant.applyDeployment("example:1");
    tenant.applyService("a", spec -> spec);
    tenant.applyService("b", spec -> spec);
    tenant.applyService("c", spec -> spec.withVersion("d-none"));
    tenant.awaitPhase("a", Phase.READY);
    tenant.awaitPhase("b", Phase.READY);
    tenant.editService("b", spec -> spec.withDesiredState(DesiredState.STOPPED));
    tenant.awaitPhase("b", Phase.STOPPED);

    await()
        .untilAsserted(
            () ->
                assertThat(scrape.read().values("agentservice_services"))
                    .isEqualTo(
                        Map.of(
                            "{phase=\"starting\"}", 1.0,
                            "{phase=\"ready\"}", 1.0,
                            "{phase=\"unhealthy\"}", 0.0,
                            "{phase=\"stopping\"}", 0.0,
                            "{phase=\"stopped\"}", 1.0,
                            "{phase=\"failed\"}", 0.0)));
    assertThat(scrape.read().value("agentservice_leader")).isEqualTo(1);
  }

  @Test
  void aDeletedServiceIsCountedNoMore() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec);
    tenant.awaitPhase("s", Phase.READY);
    tenant.client().resource(tenant.service("s")).delete();

    await()
        .untilAsserted(
            () ->
                assertThat(scrape.read().values("agentservice_services").values())
                    .containsOnly(0.0));
  }

  @Test
  void aStartIsTimedInFractionsOfASecondAndOnce() {
    tenant.applyDeployment("example:1");
    tenant.applyTransientSecret("env-1");
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    tenant.awaitPhase("s", Phase.READY);

    await()
        .untilAsserted(
            () -> {
              var told = scrape.read();
              var ready = "{phase=\"ready\",since=\"creation\"}";
              assertThat(told.value("agentservice_time_to_phase_seconds_count" + ready))
                  .isEqualTo(1);
              assertThat(told.value("agentservice_time_to_phase_seconds_sum" + ready))
                  .isPositive()
                  .satisfies(seconds -> assertThat(seconds % 1).isNotZero());
              assertThat(told.value("agentservice_env_injection_seconds_count{since=\"creation\"}"))
                  .isEqualTo(1);
              assertThat(
                      told.value(
                          "agentservice_phase_transitions_total{phase=\"ready\",reason=\"Serving\"}"))
                  .isEqualTo(1);
            });
  }

  @Test
  void requestsAreCountedByWhatTheyAskAndGet() {
    tenant.applyDeployment("example:1");
    tenant.awaitActive(version -> version != null);
    tenant.applyTransientSecret("env-1");
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    tenant.awaitPhase("s", Phase.READY);

    await()
        .untilAsserted(
            () -> {
              var requests = scrape.read().values("agentservice_kubernetes_requests_total");
              assertThat(requests)
                  .containsEntry("{code=\"201\",resource=\"pods\",verb=\"create\"}", 1.0)
                  .containsEntry("{code=\"201\",resource=\"services\",verb=\"create\"}", 1.0)
                  .hasEntrySatisfying(
                      "{code=\"200\",resource=\"agentservices/status\",verb=\"update\"}",
                      // a start that lasts over 3 s tells its small steps
                      updates -> assertThat(updates).isBetween(2.0, 4.0))
                  .containsEntry("{code=\"200\",resource=\"secrets\",verb=\"patch\"}", 1.0)
                  .containsKeys(
                      "{code=\"101\",resource=\"pods\",verb=\"watch\"}",
                      "{code=\"200\",resource=\"pods\",verb=\"list\"}");
              assertThat(requests.keySet()).noneMatch(labels -> labels.contains("\"none\""));
            });
  }

  @Test
  void nothingStaysInTheQueue() {
    liveThroughEverything();

    await()
        .untilAsserted(
            () -> {
              var told = scrape.read();
              assertThat(told.values("agentservice_reconcile_queue_length").values())
                  .hasSize(3)
                  .containsOnly(0.0);
              assertThat(told.values("agentservice_reconciles_active").values())
                  .hasSize(3)
                  .containsOnly(0.0);
            });
    assertThat(
            scrape
                .read()
                .value(
                    "agentservice_reconciles_total{controller=\"agentservice\",result=\"success\"}"))
        .isPositive();
  }

  /** A start with env, and a restart. */
  private void liveThroughEverything() {
    tenant.applyDeployment("example:1");
    tenant.applyTransientSecret("env-1");
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    tenant.awaitPhase("s", Phase.READY);
    tenant.applyService("restarted", spec -> spec.withRestartId("one"));
    tenant.awaitPhase("restarted", Phase.READY);
    tenant.editService("restarted", spec -> spec.withRestartId("two"));
    await()
        .until(() -> Integer.valueOf(2).equals(tenant.service("restarted").getStatus().attempt()));
    tenant.awaitPhase("restarted", Phase.READY);
  }

  private static Settings settings(Tenant tenant, int port) {
    var base = ControlPlane.OPERATOR_SETTINGS;
    return new Settings(
        Set.of(tenant.namespace()),
        base.identity(),
        base.leaderElection(),
        port,
        base.gracefulShutdown(),
        base.network(),
        base.sandboxes(),
        base.publicUrls(),
        base.faultPoint());
  }
}
