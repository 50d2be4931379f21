package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.e2e.chaos.NodeProcess;
import dev.agentservice.e2e.chaos.OperatorProcess;
import dev.agentservice.e2e.chaos.PodHistory;
import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.WarmPool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operator's process is ended just before a write of a start that a launcher makes; the next
 * process goes on, with a real launcher at the other end.
 */
@Isolated
@Tag("chaos")
class WarmCrashTest {

  /** As of one that the kernel has killed. */
  private static final int KILLED = 137;

  private static Path kubeconfig;

  @TempDir private static Path work;

  @AutoClose private final Tenant tenant = Tenant.create();
  @AutoClose private final PodHistory pods = PodHistory.of(tenant.client(), tenant.namespace());
  private final Canary value = Canary.random();
  private OperatorProcess next;

  @BeforeAll
  static void alone() {
    Node.assumeOurs("an operator that dies in a warm start");
    Repository.stopOperator();
    kubeconfig = Repository.grantRights(work);
  }

  @AfterAll
  static void asItWas() {
    if (kubeconfig != null) {
      Repository.startOperator();
    }
  }

  @AfterEach
  void endNext() {
    if (next != null) {
      next.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OwnSecret",
        "BeginAttempt",
        "TakeSandbox",
        "CreateFront",
        "DeliverEnv",
        "RecordProcess",
        "ForgetSecret",
        "Report"
      })
  void theSandboxThatWaitedIsTakenAllTheSame(String write) throws IOException {
    var dying = dying(write, 1);
    Tenant.patiently().until(() -> waiting().size() == 1);
    var sandbox = waiting().getFirst();

    assertThat(dieAndGoOn(dying).sandboxId()).isEqualTo(sandbox);
    assertThat(pods.taken()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CreateSandbox", "CreateFront", "DeliverEnv", "RecordProcess", "ForgetSecret"})
  void aColdStartGoesOn(String write) throws IOException {
    var dying = dying(write, 0);
    tenant.activeVersion();

    dieAndGoOn(dying);
    assertThat(pods.seen()).isEqualTo(1);
  }

  /** One sandbox for the service, the value delivered once, the Secret gone. */
  private AgentServiceStatus dieAndGoOn(OperatorProcess dying) throws IOException {
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", value.value()));
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    assertThat(dying.awaitExit(Duration.ofSeconds(60))).isEqualTo(KILLED);

    next = operator(Map.of());
    var status = tenant.awaitReady("s", 1).getStatus();
    assertThat(tenant.agent("s").has("API_TOKEN", value.value())).isTrue();
    assertThat(NodeProcess.startedWith(value.value()))
        .singleElement()
        .extracting(NodeProcess::idInItsSandbox)
        .isEqualTo(status.processId());
    Tenant.patiently().until(() -> !tenant.hasSecret("env-1"));
    assertThat(pods.duplicates()).isEmpty();
    assertThat(pods.shared()).isEmpty();
    return status;
  }

  private OperatorProcess dying(String write, int pool) {
    var dying = operator(Map.of("FAULT_POINT", write));
    tenant.applyDeployment(template -> template.withCommand(List.of("/agent")));
    tenant.editDeployment(spec -> spec.withWarmPool(new WarmPool(pool)));
    return dying;
  }

  private OperatorProcess operator(Map<String, String> settings) {
    var environment = new HashMap<>(settings);
    environment.put("WATCH_NAMESPACES", tenant.namespace());
    environment.put("LEADER_ELECTION", "false");
    return OperatorProcess.start("crash", kubeconfig, work.resolve("log"), environment);
  }

  private List<String> waiting() {
    return tenant.waiting().stream()
        .filter(Tenant::isReady)
        .map(pod -> pod.getMetadata().getName())
        .toList();
  }
}
