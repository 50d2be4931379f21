package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.Settings;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator against a real API server: what is made, in which order, and what is never made. */
@OnApiServer
class LifeOnApiServerTest {

  private static AgentServiceOperator operator;
  private static KubernetesClient operatorClient;

  private KubernetesClient client;
  private String namespace;

  @BeforeAll
  static void startOperator(ControlPlane plane) {
    operatorClient = plane.newClient();
    operator =
        new AgentServiceOperator(
            new Settings(Set.of(), Optional.empty(), 0, Duration.ofSeconds(5), Optional.empty()),
            operatorClient);
    operator.start();
  }

  @AfterAll
  static void stopOperator() {
    operator.close();
    operatorClient.close();
  }

  @BeforeEach
  void newNamespace(ControlPlane plane) {
    client = plane.client();
    namespace = plane.newNamespace();
  }

  @Test
  void aServiceBecomesReadyAndStops() {
    applyDeployment("d", "example:1");
    applyService("s", spec -> spec);
    var ready = awaitPhase("s", Phase.READY);

    assertThat(ready.getStatus().attempt()).isEqualTo(1);
    assertThat(ready.getStatus().sandboxId()).startsWith("s-");
    assertThat(ready.getStatus().observedGeneration()).isEqualTo(1);
    assertThat(podNames()).containsExactly(ready.getStatus().sandboxId());

    editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));
    awaitPhase("s", Phase.STOPPED);
    assertThat(podNames()).isEmpty();

    editService("s", spec -> spec.withDesiredState(DesiredState.RUNNING));
    assertThat(awaitPhase("s", Phase.READY).getStatus().attempt()).isEqualTo(2);
  }

  @Test
  void aServiceAppliedBeforeItsDeploymentHeals() {
    applyService("early", spec -> spec);
    await().until(() -> "DeploymentNotFound".equals(reason("early")));
    applyDeployment("d", "example:1");
    awaitPhase("early", Phase.READY);
  }

  @Test
  void transientEnvIsOwnedInjectedAndDeleted() {
    applyDeployment("d", "example:1");
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("env-1")
                .endMetadata()
                .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                .withStringData(Map.of("API_TOKEN", "canary"))
                .build())
        .create();
    applyService("s", spec -> spec.withEnvSecret(new AgentServiceSpec.EnvSecret("env-1")));
    var ready = awaitPhase("s", Phase.READY);

    assertThat(ready.getStatus().envSecretName()).isEqualTo("env-1");
    assertThat(ready.getStatus().conditions())
        .anySatisfy(
            condition -> {
              assertThat(condition.getType()).isEqualTo("EnvInjected");
              assertThat(condition.getStatus()).isEqualTo("True");
            });
    assertThat(client.secrets().inNamespace(namespace).withName("env-1").get()).isNull();
  }

  @Test
  void editingTheTemplateTwiceAndBackGivesTwoVersions() {
    applyDeployment("d", "example:1");
    applyService("old", spec -> spec);
    var first = awaitPhase("old", Phase.READY).getStatus().versionId();

    editImage("example:2");
    awaitActive(version -> !version.equals(first));
    editImage("example:1");
    awaitActive(first::equals);

    assertThat(client.resources(AgentVersion.class).inNamespace(namespace).list().getItems())
        .hasSize(2);
    applyService("new", spec -> spec);
    assertThat(awaitPhase("new", Phase.READY).getStatus().versionId()).isEqualTo(first);
    assertThat(service("old").getStatus().versionId()).isEqualTo(first);
  }

  @Test
  void restartMakesANewAttemptAndNeverTwoPods() {
    applyDeployment("d", "example:1");
    applyService("s", spec -> spec.withRestartId("one"));
    awaitPhase("s", Phase.READY);

    editService("s", spec -> spec.withRestartId("two"));
    await().until(() -> Integer.valueOf(2).equals(service("s").getStatus().attempt()));
    var ready = awaitPhase("s", Phase.READY);
    assertThat(ready.getStatus().restartId()).isEqualTo("two");
    assertThat(podNames()).hasSize(1);
  }

  private void applyDeployment(String name, String image) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    deployment.setSpec(
        AgentDeploymentSpecBuilder.builder()
            .template(TemplateBuilder.builder().image(image).port(8080).build())
            .build());
    client.resource(deployment).create();
  }

  private void editImage(String image) {
    client
        .resources(AgentDeployment.class)
        .inNamespace(namespace)
        .withName("d")
        .edit(
            deployment -> {
              deployment.setSpec(
                  deployment
                      .getSpec()
                      .withTemplate(deployment.getSpec().template().withImage(image)));
              return deployment;
            });
  }

  private void applyService(String name, UnaryOperator<AgentServiceSpec> change) {
    var service = new AgentService();
    service.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    service.setSpec(change.apply(AgentServiceSpecBuilder.builder().deployment("d").build()));
    client.resource(service).create();
  }

  private void editService(String name, UnaryOperator<AgentServiceSpec> change) {
    client
        .resources(AgentService.class)
        .inNamespace(namespace)
        .withName(name)
        .edit(
            service -> {
              service.setSpec(change.apply(service.getSpec()));
              return service;
            });
  }

  private AgentService awaitPhase(String name, Phase phase) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(service(name).getStatus().phase()).as(reason(name)).isEqualTo(phase));
    return service(name);
  }

  private void awaitActive(java.util.function.Predicate<String> expected) {
    await()
        .until(
            () -> {
              var deployment =
                  client
                      .resources(AgentDeployment.class)
                      .inNamespace(namespace)
                      .withName("d")
                      .get();
              return deployment
                      .getMetadata()
                      .getGeneration()
                      .equals(deployment.getStatus().observedGeneration())
                  && expected.test(deployment.getStatus().activeVersion());
            });
  }

  private AgentService service(String name) {
    return client.resources(AgentService.class).inNamespace(namespace).withName(name).get();
  }

  private String reason(String name) {
    var details = service(name).getStatus().readinessStatus();
    return details == null ? null : details.reason();
  }

  private List<String> podNames() {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .map(Pod::getMetadata)
        .map(metadata -> metadata.getName())
        .toList();
  }
}
