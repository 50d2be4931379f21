package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator against a real API server: what is made, in which order, and what is never made. */
@OnApiServer
class LifeOnApiServerTest {

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
  void aServiceBecomesReadyAndStops() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec);
    var ready = tenant.awaitPhase("s", Phase.READY);

    assertThat(ready.getStatus().attempt()).isEqualTo(1);
    assertThat(ready.getStatus().sandboxId()).startsWith("s-");
    assertThat(ready.getStatus().observedGeneration()).isEqualTo(1);
    assertThat(tenant.podNames()).containsExactly(ready.getStatus().sandboxId());

    tenant.editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));
    tenant.awaitPhase("s", Phase.STOPPED);
    assertThat(tenant.podNames()).isEmpty();

    tenant.editService("s", spec -> spec.withDesiredState(DesiredState.RUNNING));
    assertThat(tenant.awaitPhase("s", Phase.READY).getStatus().attempt()).isEqualTo(2);
  }

  @Test
  void aServiceAppliedBeforeItsDeploymentHeals() {
    tenant.applyService("early", spec -> spec);
    await().until(() -> "DeploymentNotFound".equals(tenant.reason("early")));
    tenant.applyDeployment("example:1");
    tenant.awaitPhase("early", Phase.READY);
  }

  @Test
  void transientEnvIsOwnedInjectedAndDeleted() {
    tenant.applyDeployment("example:1");
    tenant.applyTransientSecret("env-1");
    tenant.applyService("s", spec -> spec.withEnvSecret(new AgentServiceSpec.EnvSecret("env-1")));
    var ready = tenant.awaitPhase("s", Phase.READY);

    assertThat(ready.getStatus().envSecretName()).isEqualTo("env-1");
    assertThat(ready.getStatus().conditions())
        .anySatisfy(
            condition -> {
              assertThat(condition.getType()).isEqualTo("EnvInjected");
              assertThat(condition.getStatus()).isEqualTo("True");
            });
    assertThat(tenant.secret("env-1")).isNull();
  }

  /** A pod that is looked at apart from its Service, say: without them nobody would see it end. */
  @Test
  void labelsThatAreTakenOffComeBack() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec);
    var pod = tenant.awaitPhase("s", Phase.READY).getStatus().sandboxId();
    var uid = Map.of(Names.SERVICE_UID_LABEL, tenant.service("s").getMetadata().getUid());
    var pods = tenant.client().pods().inNamespace(tenant.namespace());
    var fronts = tenant.client().services().inNamespace(tenant.namespace());

    pods.withName(pod).edit(LifeOnApiServerTest::withoutLabels);
    await()
        .untilAsserted(
            () -> assertThat(labels(pods.withName(pod).get())).containsAllEntriesOf(uid));
    fronts.withName("s").edit(LifeOnApiServerTest::withoutLabels);
    await()
        .untilAsserted(
            () -> assertThat(labels(fronts.withName("s").get())).containsAllEntriesOf(uid));

    tenant.awaitPhase("s", Phase.READY);
    pods.withName(pod).delete();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> tenant.service("s").getStatus().attempt(), attempt -> attempt == 2);
    tenant.awaitPhase("s", Phase.READY);
  }

  private static <T extends HasMetadata> T withoutLabels(T object) {
    object.getMetadata().setLabels(null);
    return object;
  }

  private static Map<String, String> labels(HasMetadata object) {
    return Objects.requireNonNullElseGet(object.getMetadata().getLabels(), Map::of);
  }

  @Test
  void editingTheTemplateTwiceAndBackGivesTwoVersions() {
    tenant.applyDeployment("example:1");
    tenant.applyService("old", spec -> spec);
    var first = tenant.awaitPhase("old", Phase.READY).getStatus().versionId();

    tenant.editImage("example:2");
    tenant.awaitActive(version -> !version.equals(first));
    tenant.editImage("example:1");
    tenant.awaitActive(first::equals);

    assertThat(tenant.versions()).hasSize(2);
    tenant.applyService("new", spec -> spec);
    assertThat(tenant.awaitPhase("new", Phase.READY).getStatus().versionId()).isEqualTo(first);
    assertThat(tenant.service("old").getStatus().versionId()).isEqualTo(first);
  }

  /** As a restored backup is: what is written of it in between must not stay. */
  @Test
  void aVersionThatLostItsOwnerIsAdoptedAndGenuineAgain() {
    tenant.applyDeployment("example:1");
    tenant.awaitActive(version -> version != null);

    tenant
        .client()
        .resource(tenant.versions().getFirst())
        .edit(
            version -> {
              version.getMetadata().setOwnerReferences(null);
              return version;
            });

    await()
        .untilAsserted(
            () ->
                assertThat(tenant.versions().getFirst())
                    .returns(false, version -> version.getMetadata().getOwnerReferences().isEmpty())
                    .returns(false, LifeOnApiServerTest::isInConflict));
  }

  @Test
  void aVersionPlantedUnderTheExpectedNameIsNeverRun() {
    tenant.applyDeployment("example:1");
    tenant.awaitActive(version -> version != null);
    var genuine = tenant.versions().getFirst();
    tenant.client().resource(genuine).delete();
    var planted = new AgentVersion();
    planted.setMetadata(genuine.getMetadata());
    planted.getMetadata().setResourceVersion(null);
    planted.getMetadata().setUid(null);
    planted.setSpec(
        genuine.getSpec().withTemplate(genuine.getSpec().template().withImage("evil:1")));
    await()
        .ignoreExceptions() // the operator may have been quicker and cut it anew: then plant again
        .until(
            () -> {
              tenant.client().resource(genuine).delete();
              return tenant.client().resource(planted).create() != null;
            });
    // before that the operator may still know the genuine one, and would run that
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> tenant.versions().stream().anyMatch(LifeOnApiServerTest::isInConflict));

    tenant.applyService("s", spec -> spec.withVersion(genuine.getMetadata().getName()));
    var failed = tenant.awaitPhase("s", Phase.FAILED);
    assertThat(failed.getStatus().failureReason()).startsWith("VersionMismatch: ");
    assertThat(tenant.podNames()).isEmpty();
  }

  private static boolean isInConflict(AgentVersion version) {
    return version.getStatus() != null
        && version.getStatus().conditions().stream()
            .anyMatch(condition -> condition.getReason().equals("NameConflict"));
  }

  @Test
  void restartMakesANewAttemptAndNeverTwoPods() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec.withRestartId("one"));
    tenant.awaitPhase("s", Phase.READY);

    tenant.editService("s", spec -> spec.withRestartId("two"));
    await().until(() -> Integer.valueOf(2).equals(tenant.service("s").getStatus().attempt()));
    var ready = tenant.awaitPhase("s", Phase.READY);
    assertThat(ready.getStatus().restartId()).isEqualTo("two");
    assertThat(tenant.podNames()).hasSize(1);
  }

  @Test
  void theRecordOfAStoppedServiceGoesWhenItsTimeIsUp() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec.withTtlSecondsAfterFinished(1));
    tenant.awaitPhase("s", Phase.READY);
    tenant.editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));
    await().until(() -> tenant.service("s") == null);
  }
}
