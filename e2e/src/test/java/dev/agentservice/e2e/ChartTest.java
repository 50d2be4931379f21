package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The chart, as the API server takes it. That it installs, the other tests show: they run on it.
 */
class ChartTest {

  private static final String HELM = "../tools/helm.sh";

  @Test
  void helmTestPasses() {
    assertThat(Cluster.bash(HELM + " test agentservice --namespace agentservice-system --logs"))
        .contains("the operator works: it cut version installation-check-");
  }

  @Test
  void everySwitchRendersWhatTheApiServerTakes() {
    try (var tenant = Tenant.create()) {
      assertThat(
              tenant.bash(
                  HELM
                      + " template other ../helm/agentservice --namespace %1$s --no-hooks"
                          .formatted(tenant.namespace())
                      + " --set crds.install=false --set 'watchNamespaces={%1$s}'"
                          .formatted(tenant.namespace())
                      + " --set operator.networkPolicy.apiServerCidrs={10.0.0.1/32}"
                      + " --set operator.podDisruptionBudget.maxUnavailable=50%"
                      + " --set operator.tolerations[0].operator=Exists"
                      + " --set operator.extraEnv[0].name=JDK_JAVA_OPTIONS"
                      + " --set operator.serviceAccount.annotations.a=b"
                      + " --set metrics.dashboard.enabled=true"
                      + " | kubectl apply --dry-run=server -f -"))
          .contains(
              "role.rbac.authorization.k8s.io/other-agentservice-operator created",
              "deployment.apps/other-agentservice-operator created",
              "networkpolicy.networking.k8s.io/other-agentservice-operator created",
              "configmap/other-agentservice-operator-dashboard created",
              "poddisruptionbudget.policy/other-agentservice-operator created")
          .doesNotContain("clusterrole");
    }
  }
}
