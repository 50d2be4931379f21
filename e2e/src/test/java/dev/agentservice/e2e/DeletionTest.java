package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.DesiredState;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is left after a kubectl delete: nothing that nobody asked to keep. */
class DeletionTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void aReadyServiceLeavesNothing() {
    tenant.applyDeployment(template -> template);
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", "value"));
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    tenant.awaitReady("s");
    assertThat(children()).contains("pod/", "service/", "endpointslice.");

    tenant.bash("kubectl delete asvc s");
    awaitNoChildren();
  }

  @Test
  void aServiceThatNeverRanLeavesNotEvenItsSecret() {
    tenant.applyDeployment(template -> template.withImage("localhost/agentservice/absent:1"));
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", "value"));
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    tenant.await("s", "starting ImagePullFailed");
    assertThat(children()).contains("secret/env-1");

    tenant.bash("kubectl delete asvc s");
    awaitNoChildren();
  }

  @Test
  void aDeploymentTakesItsVersionsAndFailsItsServices() {
    tenant.applyDeployment(template -> template);
    tenant.applyService("one", spec -> spec);
    tenant.applyService("two", spec -> spec);
    tenant.awaitReady("one");
    tenant.awaitReady("two");

    tenant.bash("kubectl delete agd d");
    tenant.await("one", "failed DeploymentDeleted");
    tenant.await("two", "failed DeploymentDeleted");
    tenant.awaitNoPods();
    Tenant.patiently().untilAsserted(() -> assertThat(tenant.versions()).isEmpty());
    assertThat(tenant.bash("kubectl get asvc -o name")).as("the records stay").hasLineCount(2);

    tenant.bash("kubectl delete asvc --all");
    awaitNoChildren();
  }

  @Test
  void theRecordOfAFinishedServiceGoesWhenItsTimeIsUp() {
    tenant.applyDeployment(template -> template);
    tenant.applyService("s", spec -> spec.withTtlSecondsAfterFinished(1));
    tenant.awaitReady("s");
    tenant.editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));

    Tenant.patiently().untilAsserted(() -> assertThat(tenant.service("s")).isNull());
    awaitNoChildren();
  }

  private void awaitNoChildren() {
    Tenant.patiently().untilAsserted(() -> assertThat(children()).isEmpty());
  }

  private String children() {
    return tenant.bash("kubectl get pods,services,endpointslices,secrets -o name");
  }
}
