package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many services live beside each other, with all of an operator's passes at work. */
@OnApiServer
class AdmissionOnApiServerTest {

  private static AgentServiceOperator operator;
  private static KubernetesClient operatorClient;

  private Tenant tenant;

  @BeforeAll
  static void startOperator(ControlPlane plane) {
    operatorClient = plane.newOperatorClient();
    operator =
        new AgentServiceOperator(
            ControlPlane.OPERATOR_SETTINGS, operatorClient, new OperatorMetrics());
    operator.start();
  }

  @AfterAll
  static void stopOperator() {
    operator.close();
    operatorClient.close();
  }

  @BeforeEach
  void newTenant(ControlPlane plane) {
    tenant = Tenant.in(plane);
  }

  @Test
  void noMoreThanMaxServicesLive() {
    tenant.applyDeployment("example:1");
    maxServices(5);
    IntStream.range(0, 20).forEach(i -> tenant.applyService("s" + i, spec -> spec));

    await().untilAsserted(() -> assertThat(count(Phase.READY, "Serving")).isEqualTo(5));
    await()
        .untilAsserted(() -> assertThat(count(Phase.STARTING, "MaxServicesReached")).isEqualTo(15));
    assertThat(tenant.podNames()).hasSize(5);

    var one =
        services().filter(s -> s.getStatus().phase() == Phase.READY).findFirst().orElseThrow();
    tenant.editService(
        one.getMetadata().getName(), spec -> spec.withDesiredState(DesiredState.STOPPED));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(count(Phase.STARTING, "MaxServicesReached")).isEqualTo(14));
    await().untilAsserted(() -> assertThat(count(Phase.READY, "Serving")).isEqualTo(5));
  }

  @Test
  void oneThatComesBackWaitsForAPlace() {
    tenant.applyDeployment("example:1");
    maxServices(1);
    tenant.applyService("former", spec -> spec);
    tenant.awaitPhase("former", Phase.READY);
    tenant.editService("former", spec -> spec.withDesiredState(DesiredState.STOPPED));
    tenant.awaitPhase("former", Phase.STOPPED);
    tenant.applyService("other", spec -> spec);
    tenant.awaitPhase("other", Phase.READY);

    tenant.editService("former", spec -> spec.withDesiredState(DesiredState.RUNNING));
    await().until(() -> "MaxServicesReached".equals(tenant.reason("former")));
    tenant.editService("former", spec -> spec.withTtlSecondsAfterFinished(3600)); // a look more
    await().until(() -> isObserved(tenant.service("former")));
    assertThat(tenant.reason("former")).isEqualTo("MaxServicesReached");
    assertThat(tenant.podNames()).hasSize(1);

    tenant.editService("other", spec -> spec.withDesiredState(DesiredState.STOPPED));
    assertThat(tenant.awaitPhase("former", Phase.READY).getStatus().attempt()).isEqualTo(2);
    assertThat(tenant.podNames()).hasSize(1);
  }

  private static boolean isObserved(AgentService service) {
    return service.getMetadata().getGeneration().equals(service.getStatus().observedGeneration());
  }

  @Test
  void ofTheSameKeyOneLives() {
    tenant.applyDeployment("example:1");
    IntStream.range(0, 10).parallel().forEach(i -> applyWithKey("s" + i));

    await().untilAsserted(() -> assertThat(count(Phase.READY, "Serving")).isEqualTo(1));
    await()
        .untilAsserted(
            () -> assertThat(count(Phase.FAILED, "DuplicateIdempotencyKey")).isEqualTo(9));
    assertThat(tenant.podNames()).hasSize(1);
    assertThat(services().filter(s -> s.getStatus().phase() == Phase.FAILED))
        .extracting(loser -> loser.getStatus().failureReason())
        .allMatch(reason -> reason.matches("DuplicateIdempotencyKey: AgentService s[0-9] .*"));
  }

  private void maxServices(int limit) {
    tenant
        .client()
        .resources(AgentDeployment.class)
        .inNamespace(tenant.namespace())
        .withName("d")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\": {\"maxServices\": %d}}".formatted(limit));
    tenant.awaitActive(active -> active != null);
  }

  private void applyWithKey(String name) {
    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(tenant.namespace())
            .withName(name)
            .withAnnotations(Map.of(Names.IDEMPOTENCY_KEY_ANNOTATION, "order-4711"))
            .build());
    service.setSpec(AgentServiceSpecBuilder.builder().deployment("d").build());
    tenant.client().resource(service).create();
  }

  private long count(Phase phase, String reason) {
    return services()
        .map(AgentService::getStatus)
        .filter(status -> status.phase() == phase && status.readinessStatus() != null)
        .filter(status -> status.readinessStatus().reason().equals(reason))
        .count();
  }

  private Stream<AgentService> services() {
    return tenant
        .client()
        .resources(AgentService.class)
        .inNamespace(tenant.namespace())
        .list()
        .getItems()
        .stream();
  }
}
