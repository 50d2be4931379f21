package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.Settings;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users are told of a warm pool, by condition and event. */
@OnApiServer
class WarmPoolOnApiServerTest {

  private Tenant tenant;
  private KubernetesClient client;
  private AgentServiceOperator operator;

  @BeforeEach
  void startOperator(ControlPlane plane) {
    tenant = Tenant.in(plane);
    client = plane.newOperatorClient();
    operator = new AgentServiceOperator(withLauncher(), client, new OperatorMetrics());
    operator.start();
  }

  @AfterEach
  void stopOperator() {
    operator.close();
    client.close();
  }

  @Test
  void aPoolThatCannotBeFilledSaysWhyAndSoDoesItsMending() {
    tenant.applyDeployment(FakeNode.MISSING);
    tenant.editDeployment(
        spec ->
            spec.withTemplate(spec.template().withCommand(List.of("/agent")))
                .withWarmPool(new WarmPool(2)));

    await().untilAsserted(() -> assertThat(told()).isEqualTo("False ImagePullFailed"));
    await().untilAsserted(() -> assertThat(events()).contains("Warning ImagePullFailed x1"));

    tenant.editImage("example:1");
    await().untilAsserted(() -> assertThat(told()).isEqualTo("True WarmPoolFilled"));
    await()
        .untilAsserted(
            () ->
                assertThat(events())
                    .contains("Normal WarmPoolFilled x1")
                    .as("both sandboxes were stuck, and it was told once")
                    .contains("Warning ImagePullFailed x1"));
  }

  private String told() {
    return Optional.ofNullable(deployment().getStatus())
        .flatMap(status -> ConditionWriter.find(status.conditions(), "WarmPoolReady"))
        .map(condition -> condition.getStatus() + " " + condition.getReason())
        .orElse("");
  }

  private AgentDeployment deployment() {
    return tenant
        .client()
        .resources(AgentDeployment.class)
        .inNamespace(tenant.namespace())
        .withName("d")
        .get();
  }

  private List<String> events() {
    var about = deployment().getMetadata().getUid();
    return tenant
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(tenant.namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> event.getRegarding().getUid().equals(about))
        .map(event -> event.getType() + " " + event.getReason() + " x" + times(event))
        .toList();
  }

  private static int times(Event event) {
    return event.getSeries() == null ? 1 : event.getSeries().getCount();
  }

  private static Settings withLauncher() {
    var alone = ControlPlane.OPERATOR_SETTINGS;
    return new Settings(
        alone.watchNamespaces(),
        alone.identity(),
        alone.leaderElection(),
        alone.healthPort(),
        alone.gracefulShutdown(),
        alone.network(),
        new SandboxSettings(Optional.of("launcher:1"), false),
        alone.publicUrls(),
        alone.faultPoint());
  }
}
