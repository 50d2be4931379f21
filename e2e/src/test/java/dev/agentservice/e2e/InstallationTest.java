package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
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
 * The operator is upgraded, taken away and installed otherwise while services live. Each test
 * begins and ends with whatever installation it likes; the last one is put back.
 */
@Tag("installation")
@Isolated
class InstallationTest {

  private static final String RELEASE = "agentservice";
  private static final String NAMESPACE = "agentservice-system";
  private static final String CHART = "../helm/agentservice";

  /** As it was before user namespaces, public URLs and some of the status; README.md says how. */
  private static final String PREVIOUS_CHART =
      "../e2e/src/test/resources/charts/agentservice-0.1.0.tgz";

  private static final Canary VALUE = Canary.random();

  /** What shows that neither a service nor its agent was touched. */
  private record Live(
      SortedMap<String, AgentServiceStatus> services, SortedMap<String, Integer> restartsByPodUid) {

    static Live of(Tenant tenant) {
      var services = new TreeMap<String, AgentServiceStatus>();
      tenant.services().forEach(s -> services.put(s.getMetadata().getName(), s.getStatus()));
      var restarts = new TreeMap<String, Integer>();
      tenant.pods().forEach(pod -> restarts.put(pod.getMetadata().getUid(), restarts(pod)));
      return new Live(services, restarts);
    }

    private static int restarts(Pod pod) {
      return Stream.concat(
              pod.getStatus().getInitContainerStatuses().stream(),
              pod.getStatus().getContainerStatuses().stream())
          .mapToInt(ContainerStatus::getRestartCount)
          .sum();
    }
  }

  private static boolean ours;

  @AutoClose private final Tenant tenant = Tenant.create();

  /** As {@code make up} does, whatever other tests have set. */
  @BeforeAll
  static void onOurOwnClusterOnly() {
    Node.assumeOurs("upgrade and uninstallation of the operator with live services");
    ours = true;
    Cluster.bash("../tools/install-operator.sh ../.cluster");
    helm("get values %s -n %s -o yaml > ../.cluster/values.yaml".formatted(RELEASE, NAMESPACE));
  }

  @AfterAll
  static void installAgain() {
    if (ours) {
      Cluster.bash("../tools/install-operator.sh ../.cluster");
    }
  }

  /** What is upgraded: CRDs, rights, policies, settings, and the pods. The image is today's. */
  @Test
  void anUpgradeFromThePreviousChartTouchesNoAgent() {
    uninstall(RELEASE, NAMESPACE);
    install(RELEASE, NAMESPACE, PREVIOUS_CHART);
    assertThat(charts()).containsExactly("agentservice-0.1.0");
    assertThat(schema()).doesNotContain("stableRestartCount");

    try (var launched = Tenant.create();
        var later = Tenant.create()) {
      startDirect();
      startLaunched(launched);
      var before = List.of(Live.of(tenant), Live.of(launched));

      install(RELEASE, NAMESPACE, CHART);
      Cluster.bash(
          "kubectl wait pods -n %s -l helm.sh/chart=agentservice-0.1.0 --for=delete --timeout=60s"
              .formatted(NAMESPACE));
      assertThat(charts()).containsExactly("agentservice-" + version());
      assertThat(schema()).contains("stableRestartCount");

      startOne(later);
      assertThat(List.of(Live.of(tenant), Live.of(launched))).isEqualTo(before);
      assertThat(tenant.agent("env").has("API_TOKEN", VALUE.value())).isTrue();
      assertThat(launched.agent("env").has("API_TOKEN", VALUE.value())).isTrue();

      var waiting = waiting(launched).getFirst().getMetadata().getName();
      launched.applyService("warm", spec -> spec);
      assertThat(launched.awaitReady("warm").getStatus().sandboxId())
          .as("what waited under the previous chart")
          .isEqualTo(waiting);
    }
  }

  @Test
  void anUninstallHurtsNoAgentAndItsSuccessorTakesThemOver() {
    install(RELEASE, NAMESPACE, CHART);
    startDirect();
    var before = Live.of(tenant);

    uninstall(RELEASE, NAMESPACE);
    assertThat(tenant.agent("env").has("API_TOKEN", VALUE.value())).as("it goes on").isTrue();
    tenant.applyService("gone", spec -> spec);
    tenant.deleteService("gone"); // it would hang on a finalizer
    Tenant.patiently().until(() -> tenant.service("gone") == null);

    try (var later = Tenant.create()) {
      install(RELEASE, NAMESPACE, CHART);
      startOne(later);
    }
    assertThat(Live.of(tenant)).isEqualTo(before);
    tenant.deleteService("env");
    tenant.deleteService("plain");
    tenant.awaitNoPods();
  }

  @Test
  void rolesOfOneNamespaceAreEnoughForItAndReachNoOther() {
    uninstall(RELEASE, NAMESPACE);
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
      install(RELEASE, NAMESPACE, CHART);
      other.awaitReady("s");
    }
  }

  @Test
  void aNamespaceThatLostItsRoleKeepsNobodyFromTheOthers() {
    uninstall(RELEASE, NAMESPACE);
    try (var other = Tenant.create()) {
      installFor(tenant, other);
      other.bash("kubectl delete rolebindings --all");
      tenant.bash("kubectl delete pods -l app.kubernetes.io/component=operator");

      startOne(tenant);

      uninstall("agents", tenant.namespace());
    }
  }

  /** One with transient env, which its node starts and gives the Secret to, and one without. */
  private void startDirect() {
    tenant.applyDeployment(Tenant::steady);
    startWithEnv(tenant);
    tenant.applyService("plain", spec -> spec);
    tenant.awaitReady("plain");
  }

  /** One that a launcher started, and a sandbox that waits for another. */
  private static void startLaunched(Tenant tenant) {
    tenant.applyDeployment(template -> Tenant.steady(template).withCommand(List.of("/agent")));
    startWithEnv(tenant);
    tenant.editDeployment(spec -> spec.withWarmPool(new WarmPool(1)));
    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(waiting(tenant))
                    .singleElement()
                    .satisfies(
                        pod ->
                            assertThat(pod.getStatus().getConditions())
                                .anyMatch(
                                    condition ->
                                        condition.getType().equals("Ready")
                                            && condition.getStatus().equals("True"))));
  }

  private static void startWithEnv(Tenant tenant) {
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", VALUE.value()));
    tenant.applyService("env", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    tenant.awaitReady("env");
    assertThat(tenant.agent("env").has("API_TOKEN", VALUE.value())).isTrue();
    Tenant.patiently().until(() -> !tenant.hasSecret("env-1"));
  }

  /** Once it is ready, the operator has looked at all that was there before. */
  private static void startOne(Tenant tenant) {
    tenant.applyDeployment(template -> template);
    tenant.applyService("s", spec -> spec);
    tenant.awaitReady("s");
  }

  private static List<Pod> waiting(Tenant tenant) {
    return tenant.pods().stream()
        .filter(pod -> pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL))
        .toList();
  }

  /** The charts, by their versions, that anything of the release is of. */
  private static List<String> charts() {
    return Cluster.bash(
            """
            kubectl get crds,clusterroles,validatingadmissionpolicies,deployments,networkpolicies \
              --all-namespaces -l app.kubernetes.io/instance=agentservice \
              -o 'jsonpath={range .items[*]}{.metadata.labels.helm\\.sh/chart}{"\\n"}{end}' | sort -u
            """)
        .lines()
        .toList();
  }

  private static String version() {
    return Cluster.bash(
            "../tools/helm.sh show chart %s | sed -n 's/^version: //p'".formatted(CHART))
        .strip();
  }

  private static String schema() {
    return Cluster.bash("kubectl get crd agentservices.agentservice.dev -o yaml");
  }

  /** With Roles in these namespaces and no ClusterRole. */
  private static void installFor(Tenant first, Tenant... more) {
    install(
        "agents",
        first.namespace(),
        CHART,
        "--set crds.install=false --set api.enabled=false --set 'watchNamespaces={%s}'"
            .formatted(
                Stream.concat(Stream.of(first), Stream.of(more))
                    .map(Tenant::namespace)
                    .collect(Collectors.joining(","))));
  }

  private static void uninstall(String release, String namespace) {
    helm("uninstall %s -n %s --ignore-not-found --wait".formatted(release, namespace));
  }

  /** Or upgrades. */
  private static void install(String release, String namespace, String chart, String... more) {
    helm(
        "upgrade --install %s %s -n %s -f ../.cluster/values.yaml %s --force-conflicts --wait --timeout 2m"
            .formatted(release, chart, namespace, String.join(" ", more)));
  }

  private static void helm(String arguments) {
    Cluster.bash("../tools/helm.sh " + arguments);
  }
}
