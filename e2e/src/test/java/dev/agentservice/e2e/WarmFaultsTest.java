package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.e2e.chaos.NodeProcess;
import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.e2e.chaos.PodHistory;
import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Resources;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is around a warm start breaks: the launcher, the node's components, the API server. Every
 * service brings a value that no other has.
 */
@Isolated
@Tag("chaos")
class WarmFaultsTest {

  private static final String SPARE = "spare";

  /** Nothing shows that an attach has begun: it comes at once after the Service. */
  private static final long FROZEN_MILLIS = 2_000;

  @AutoClose private final Tenant tenant = Tenant.create();
  private final Map<String, Canary> values = new HashMap<>();
  private PodHistory pods;

  @BeforeAll
  static void onOurNode() {
    Node.assumeOurs("faults around a warm start");
  }

  @BeforeEach
  void launched() {
    pods = PodHistory.of(tenant.client(), tenant.namespace());
    tenant.applyDeployment(
        template ->
            template
                .withCommand(List.of("/agent"))
                .withStartTimeoutSeconds(280)
                .withResources(
                    new Resources(
                        Map.of("cpu", new Quantity("1m"), "memory", new Quantity("8Mi")), null)));
  }

  @AfterEach
  void asItWas() {
    // also after a test that broke off: the next one needs them
    List.of("containerd", "kube-apiserver", "kubelet")
        .forEach(component -> Repository.cluster("start", component));
    patiently()
        .ignoreExceptions()
        .until(() -> tenant.bash("kubectl uncordon $(kubectl get node -o name)") != null);
    pods.close();
    assertThat(pods.shared()).isEmpty();
    assertThat(pods.duplicates()).isEmpty();
  }

  // ---- the launcher

  @Test
  void oneThatWaitsIsKilled() {
    poolOf(2);
    var killed = tenant.waiting().getFirst();
    Node.killContainer(killed);

    apply("one");
    apply("two");
    assertServes("one");
    assertServes("two");
    patiently()
        .untilAsserted(
            () ->
                assertThat(ready())
                    .hasSize(2)
                    .extracting(pod -> pod.getMetadata().getUid())
                    .doesNotContain(killed.getMetadata().getUid()));
  }

  @Test
  void oneIsKilledUnderItsAgent() throws IOException {
    poolOf(2);
    apply("s");
    tenant.applyService(SPARE, spec -> spec);
    tenant.awaitReady("s");
    tenant.awaitReady(SPARE);
    tenant.pods().stream()
        .filter(pod -> !pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL))
        .forEach(Node::killContainer);

    tenant.await("s", "failed Exited");
    assertThat(NodeProcess.startedWith(values.get("s").value())).isEmpty();
    tenant.awaitReady(SPARE, 2); // it brought nothing that could be lost
  }

  // ---- the way to it

  /** The component is frozen, so that the attach is under way when it is killed. */
  @ParameterizedTest
  @ValueSource(strings = {"kubelet", "containerd"})
  void theNodesEndOfAnAttachIsCut(String component) {
    poolOf(2);
    Repository.cluster("stop", component, "STOP");
    apply("one");
    apply("two");
    patiently().until(() -> frontsOf("one", "two") == 2);
    Pause.millis(FROZEN_MILLIS);
    Repository.cluster("stop", component, "KILL");
    Repository.cluster("start", component);

    assertServes("one");
    assertServes("two");
  }

  @Test
  void theApiServerGoesDuringAnAttach() {
    poolOf(3);
    List.of("one", "two", "three").forEach(this::apply);
    patiently().until(() -> pods.taken() > 0);
    Repository.cluster("stop", "kube-apiserver", "KILL");
    Repository.cluster("start", "kube-apiserver");

    List.of("one", "two", "three").forEach(this::assertServes);
  }

  // ---- the node

  @Test
  void theNodeIsDrained() {
    poolOf(2);
    var before = tenant.waiting().stream().map(pod -> pod.getMetadata().getUid()).toList();
    tenant.bash(
        "kubectl drain $(kubectl get node -o name) --pod-selector=agentservice.dev/warm"
            + " --delete-emptydir-data --force --timeout=60s");
    patiently()
        .untilAsserted(
            () ->
                assertThat(tenant.waiting())
                    .as("two others, which have no node")
                    .hasSize(2)
                    .noneMatch(Tenant::isReady)
                    .extracting(pod -> pod.getMetadata().getUid())
                    .doesNotContainAnyElementsOf(before));
    apply("s");
    tenant.await("s", "starting Unschedulable");

    tenant.bash("kubectl uncordon $(kubectl get node -o name)");
    assertServes("s");
    patiently().untilAsserted(() -> assertThat(ready()).hasSize(2));
  }

  // ---- more than there are

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void twoHundredServicesForTenSandboxes() {
    poolOf(10);
    var names = IntStream.range(0, 200).mapToObj(number -> "s-" + number).toList();
    names.forEach(this::apply);

    for (var name : names) {
      assertServes(name);
      tenant.deleteService(name);
    }
    assertThat(pods.seen()).as("one each").isEqualTo(200);
    assertThat(pods.taken()).isGreaterThanOrEqualTo(10);
    patiently().untilAsserted(() -> assertThat(ready()).hasSize(10));
  }

  private void poolOf(int size) {
    tenant.editDeployment(spec -> spec.withWarmPool(new WarmPool(size)));
    patiently().untilAsserted(() -> assertThat(ready()).hasSize(size));
  }

  private void apply(String name) {
    var value = Canary.random();
    values.put(name, value);
    tenant.applyTransientSecret(name, Map.of("API_TOKEN", value.value()));
    tenant.applyService(name, spec -> spec.withEnvSecret(new EnvSecret(name)));
  }

  /** With its own value, which no other process has, and which nothing keeps. */
  private void assertServes(String name) {
    patiently()
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(Tenant.outcome(tenant.service(name))).isEqualTo("ready Serving"));
    var value = values.get(name).value();
    assertThat(tenant.agent(name).has("API_TOKEN", value)).as(name).isTrue();
    assertThat(processesWith(value)).as("processes with the value of " + name).isEqualTo(1);
    patiently().until(() -> !tenant.hasSecret(name));
  }

  private long frontsOf(String... services) {
    return Stream.of(services)
        .map(name -> tenant.client().services().inNamespace(tenant.namespace()).withName(name))
        .filter(front -> front.get() != null)
        .count();
  }

  private List<Pod> ready() {
    return tenant.waiting().stream().filter(Tenant::isReady).toList();
  }

  private static int processesWith(String value) {
    try {
      return NodeProcess.startedWith(value).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With a node whose parts are away for a while. */
  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(100));
  }
}
