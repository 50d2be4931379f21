package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The operator is upgraded, taken away and installed otherwise while services live: minutes, so it
 * is among the tests of make chaos.
 */
@Tag("chaos")
@Isolated
class InstallationTest {

  private static final String HELM = "../tools/helm.sh ";
  private static final Canary VALUE = Canary.random();

  /** What shows that neither a service nor its agent was touched. */
  private record Live(AgentServiceStatus status, SortedMap<String, Integer> restartsByPodUid) {}

  @AutoClose private final Tenant tenant = Tenant.create();

  @BeforeAll
  static void onOurOwnClusterOnly() {
    Node.assumeOurs("upgrade and uninstallation of the operator with live services");
    helm("get values agentservice -n agentservice-system -o yaml > ../.cluster/values.yaml");
  }

  /** As {@code make up} does. */
  @AfterAll
  static void installAgain() {
    Cluster.bash("../tools/install-operator.sh ../.cluster");
  }

  @Test
  void anUpgradeTouchesNoAgent() {
    startOneWithEnv();
    var before = live();

    helm(
        "upgrade agentservice ../helm/agentservice -n agentservice-system --reuse-values"
            + " --force-conflicts --set-string operator.podAnnotations.rolled=out --wait");
    assertThat(
            Cluster.bash(
                "kubectl get pods -n agentservice-system -l app.kubernetes.io/component=operator"
                    + " -o 'jsonpath={.items[*].metadata.annotations.rolled}'"))
        .as("the operator's pods are new")
        .contains("out");
    tenant.applyService("after", spec -> spec);
    tenant.awaitReady("after");
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void anUninstallHurtsNoAgentAndItsSuccessorTakesThemOver() {
    startOneWithEnv();
    var before = live();

    uninstall("agentservice", "agentservice-system");
    assertThat(tenant.agent("s").has("API_TOKEN", VALUE.value())).as("it goes on").isTrue();
    tenant.applyService("gone", spec -> spec);
    tenant.deleteService("gone"); // it would hang on a finalizer
    Tenant.patiently().until(() -> tenant.service("gone") == null);

    install("agentservice", "agentservice-system");
    tenant.applyService("after", spec -> spec);
    tenant.awaitReady("after");
    assertThat(live()).isEqualTo(before);
    tenant.deleteService("s");
    Tenant.patiently()
        .untilAsserted(() -> assertThat(live().restartsByPodUid()).isEqualTo(new TreeMap<>()));
  }

  @Test
  void rolesOfOneNamespaceAreEnoughForItAndReachNoOther() {
    uninstall("agentservice", "agentservice-system");
    try (var other = Tenant.create()) {
      for (var each : List.of(other, tenant)) {
        each.applyDeployment(template -> template);
        each.applyService("s", spec -> spec);
      }
      installFor(tenant);

      tenant.awaitReady("s");
      assertThat(other.service("s").getStatus().observedGeneration())
          .as("nobody has looked at it")
          .isEqualTo(-1);
      assertThat(
              Cluster.bash(
                  "kubectl get clusterroles,clusterrolebindings,validatingadmissionpolicies"
                      + " -l app.kubernetes.io/instance=agents -o name"))
          .isBlank();
      assertThat(
              Cluster.bash(
                  "kubectl auth can-i list agentservices.agentservice.dev -n %s --as %s || true"
                      .formatted(
                          other.namespace(),
                          new Account(tenant.namespace(), "agents-agentservice-operator").user())))
          .contains("no");

      uninstall("agents", tenant.namespace());
      install("agentservice", "agentservice-system");
      other.awaitReady("s");
    }
  }

  @Test
  void aNamespaceThatLostItsRoleKeepsNobodyFromTheOthers() {
    uninstall("agentservice", "agentservice-system");
    try (var other = Tenant.create()) {
      installFor(tenant, other);
      other.bash("kubectl delete rolebindings --all");
      tenant.bash("kubectl delete pods -l app.kubernetes.io/component=operator");

      tenant.applyDeployment(template -> template);
      tenant.applyService("s", spec -> spec);
      tenant.awaitReady("s");

      uninstall("agents", tenant.namespace());
      install("agentservice", "agentservice-system");
    }
  }

  /** With Roles in these namespaces and no ClusterRole. */
  private static void installFor(Tenant first, Tenant... more) {
    install(
        "agents",
        first.namespace(),
        "--set crds.install=false --set api.enabled=false --set 'watchNamespaces={%s}'"
            .formatted(
                Stream.concat(Stream.of(first), Stream.of(more))
                    .map(Tenant::namespace)
                    .collect(Collectors.joining(","))));
  }

  private void startOneWithEnv() {
    tenant.applyDeployment(template -> template);
    tenant.applyTransientSecret("s-env", Map.of("API_TOKEN", VALUE.value()));
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("s-env")));
    tenant.awaitReady("s");
    assertThat(tenant.agent("s").has("API_TOKEN", VALUE.value())).isTrue();
    Tenant.patiently().until(() -> !tenant.hasSecret("s-env"));
  }

  private Live live() {
    var restarts = new TreeMap<String, Integer>();
    for (var pod : tenant.pods()) {
      if (pod.getMetadata().getName().startsWith("s-")) {
        restarts.put(
            pod.getMetadata().getUid(),
            pod.getStatus().getContainerStatuses().getFirst().getRestartCount());
      }
    }
    var service = tenant.service("s");
    return new Live(service == null ? null : service.getStatus(), restarts);
  }

  private static void uninstall(String release, String namespace) {
    helm("uninstall %s -n %s --wait".formatted(release, namespace));
  }

  private static void install(String release, String namespace, String... more) {
    helm(
        "install %s ../helm/agentservice -n %s -f ../.cluster/values.yaml %s --wait --timeout 2m"
            .formatted(release, namespace, String.join(" ", more)));
  }

  private static void helm(String arguments) {
    Cluster.bash(HELM + arguments);
  }
}
