package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.Settings;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sandboxes with users of their own, as the API server takes them. No node runs them here. */
@OnApiServer
class UserNamespacesOnApiServerTest {

  @Test
  void everySandboxAsksForOneWhereTheInstallationSaysSo(ControlPlane plane) {
    var tenant = Tenant.in(plane);
    try (var client = plane.newOperatorClient();
        var operator = new AgentServiceOperator(settings(tenant), client, new OperatorMetrics())) {
      operator.start();
      tenant.applyDeployment("example:1");
      tenant.applyService("direct", spec -> spec);
      tenant.awaitPhase("direct", Phase.READY);
      fillPool(tenant);

      await().until(() -> pods(tenant).stream().anyMatch(UserNamespacesOnApiServerTest::isWarm));
      assertThat(pods(tenant))
          .hasSize(2)
          .allSatisfy(pod -> assertThat(pod.getSpec().getHostUsers()).isFalse());
    }
  }

  private static void fillPool(Tenant tenant) {
    tenant
        .client()
        .resources(AgentDeployment.class)
        .inNamespace(tenant.namespace())
        .withName("d")
        .edit(
            deployment -> {
              var spec = deployment.getSpec();
              deployment.setSpec(
                  spec.withWarmPool(new WarmPool(1))
                      .withTemplate(spec.template().withCommand(List.of("/agent"))));
              return deployment;
            });
  }

  private static List<Pod> pods(Tenant tenant) {
    return tenant.client().pods().inNamespace(tenant.namespace()).list().getItems();
  }

  private static boolean isWarm(Pod pod) {
    return pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL);
  }

  private static Settings settings(Tenant tenant) {
    var base = ControlPlane.OPERATOR_SETTINGS;
    return new Settings(
        Set.of(tenant.namespace()),
        base.identity(),
        base.leaderElection(),
        base.healthPort(),
        base.gracefulShutdown(),
        base.network(),
        new SandboxSettings(Optional.of("registry.example/launcher:1"), true),
        base.publicUrls(),
        base.faultPoint());
  }
}
