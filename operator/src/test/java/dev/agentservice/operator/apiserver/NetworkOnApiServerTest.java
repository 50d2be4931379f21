package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** NetworkPolicies as the API server takes them, and when they are there. */
@OnApiServer
class NetworkOnApiServerTest {

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
  void sandboxesAreClosedBeforeThereIsOne() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec);
    tenant.awaitPhase("s", Phase.READY);

    var pod = tenant.client().pods().inNamespace(tenant.namespace()).list().getItems().getFirst();
    assertThat(isolation().get().getMetadata().getCreationTimestamp())
        .isLessThanOrEqualTo(pod.getMetadata().getCreationTimestamp());
    assertThat(policyOfDeployment().get().getSpec().getEgress())
        .as("names by kube-dns and by OpenShift's DNS, and the internet")
        .extracting(
            rule ->
                rule.getPorts().stream().map(port -> port.getPort().getValue()).distinct().toList())
        .containsExactly(List.of(53), List.of(5353), List.of());
  }

  @Test
  void aPolicyThatIsTakenAwayComesBack() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec);
    tenant.awaitPhase("s", Phase.READY);

    isolation().delete();
    policyOfDeployment().delete();

    await().until(() -> isolation().get() != null && policyOfDeployment().get() != null);
  }

  @Test
  void aPolicyWithoutItsLabelsIsOursWhileItDoesWhatOursDoes() {
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec);
    tenant.awaitPhase("s", Phase.READY);

    isolation()
        .edit(
            policy -> {
              policy.getMetadata().setLabels(null);
              return policy;
            });

    tenant.applyService("another", spec -> spec);
    tenant.awaitPhase("another", Phase.READY);
    await().until(() -> isolation().get().getMetadata().getLabels(), labels -> labels != null);
  }

  @Test
  void besideAForeignPolicyOfThatNameNothingStarts() {
    tenant
        .client()
        .resource(
            new NetworkPolicyBuilder()
                .withNewMetadata()
                .withNamespace(tenant.namespace())
                .withName(SandboxNetwork.ISOLATION)
                .endMetadata()
                .withNewSpec()
                .withNewPodSelector()
                .endPodSelector()
                .endSpec()
                .build())
        .create();
    tenant.applyDeployment("example:1");
    tenant.applyService("s", spec -> spec);

    await().until(() -> "NameConflict".equals(tenant.reason("s")));
    assertThat(tenant.podNames()).isEmpty();

    isolation().delete();
    tenant.awaitPhase("s", Phase.READY);
  }

  private Resource<NetworkPolicy> isolation() {
    return policy(SandboxNetwork.ISOLATION);
  }

  private Resource<NetworkPolicy> policyOfDeployment() {
    return policy("agentservice-d");
  }

  private Resource<NetworkPolicy> policy(String name) {
    return tenant
        .client()
        .network()
        .networkPolicies()
        .inNamespace(tenant.namespace())
        .withName(name);
  }
}
