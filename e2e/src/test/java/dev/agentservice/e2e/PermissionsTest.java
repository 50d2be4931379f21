package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.PermissionsBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a deployment permits its agents becomes NetworkPolicy, also while they run. */
class PermissionsTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void permissionsTakenAwayLeaveThePolicy() {
    tenant.applyDeployment(template -> template);
    tenant.editDeployment(
        spec ->
            spec.withPermissions(
                PermissionsBuilder.builder().allowOut(List.of("203.0.113.0/24")).build()));
    awaitPolicy(
        policy -> {
          assertThat(Serialization.asYaml(policy)).contains("203.0.113.0/24");
          assertThat(policy.getSpec().getEgress()).as("names, and addresses").hasSize(3);
        });

    tenant.editDeployment(
        spec -> spec.withPermissions(PermissionsBuilder.builder().internetAccess(false).build()));
    awaitPolicy(policy -> assertThat(policy.getSpec().getEgress()).as("names only").hasSize(2));
  }

  private void awaitPolicy(ThrowingConsumer<NetworkPolicy> expectation) {
    Tenant.patiently()
        .untilAsserted(() -> assertThat(policies()).singleElement().satisfies(expectation));
  }

  private List<NetworkPolicy> policies() {
    return tenant
        .client()
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(tenant.namespace())
        .withLabel(Names.DEPLOYMENT_LABEL, "d")
        .list()
        .getItems();
  }
}
