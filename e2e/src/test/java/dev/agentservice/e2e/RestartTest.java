package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.DesiredState;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Restarted, stopped and started again as asked. */
class RestartTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void theOldAgentServesUntilTheNewSecretIsThere() {
    readyWithEnv("old");
    tenant.editService("s", spec -> restart(spec, "env-2", "two"));

    tenant.await("s", service -> assertThat(pending(service)).isEqualTo("EnvSecretNotFound"));
    assertThat(tenant.awaitReady("s").getStatus().attempt()).isEqualTo(1);
    assertThat(tenant.agent("s").has("API_TOKEN", "old")).isTrue();

    tenant.applyTransientSecret("env-2", Map.of("API_TOKEN", "new"));
    tenant.awaitReady("s", 2);
    assertThat(tenant.agent("s").has("API_TOKEN", "new")).isTrue();
    assertThat(tenant.pods()).hasSize(1);
    Tenant.patiently().until(() -> !tenant.hasSecret("env-2"));
  }

  @Test
  void aConsumedSecretIsRefusedAndTheAgentUnhurt() {
    var before = readyWithEnv("old");
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", "again"));
    tenant.editService("s", spec -> restart(spec, "env-1", "two"));

    tenant.await("s", service -> assertThat(pending(service)).isEqualTo("RestartGivenUp"));
    var after = tenant.awaitReady("s", 1);
    assertThat(after.getStatus().sandboxId()).isEqualTo(before.getStatus().sandboxId());
    assertThat(tenant.agent("s").has("API_TOKEN", "old")).isTrue();
  }

  @Test
  void stoppedAndStartedAgain() {
    tenant.applyDeployment(template -> template);
    tenant.applyService("s", spec -> spec);
    tenant.awaitReady("s");

    tenant.editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));
    var stopped = tenant.await("s", "stopped Stopped");
    assertThat(tenant.pods()).isEmpty();
    assertThat(stopped.getStatus().stoppedAt()).isNotNull();
    assertThat(stopped.getStatus().sandboxId()).isNull();
    assertThat(stopped.getStatus().conditions())
        .extracting(Condition::getType)
        .doesNotContain("Ready", "Reconciling", "Stalled");

    tenant.editService("s", spec -> spec.withDesiredState(DesiredState.RUNNING));
    tenant.awaitReady("s", 2);
    assertThat(tenant.agent("s").get("/healthz")).isNotNull();
  }

  @ParameterizedTest(name = "needs {0}, has {1} s: exit code {2}")
  @CsvSource({"3s, 30, 0", "10m, 2, 137"})
  void theGracePeriodIsHonoured(String needs, int graceSeconds, int exitCode) {
    tenant.applyDeployment(
        template ->
            template.withArgs(List.of("--term-delay=" + needs)).withStopGraceSeconds(graceSeconds));
    tenant.applyService("s", spec -> spec);
    tenant.awaitReady("s");
    var lastExitCode = new AtomicReference<Integer>();
    try (var _ =
        tenant.client().pods().inNamespace(tenant.namespace()).watch(exits(lastExitCode))) {
      tenant.editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));
      tenant.await("s", "stopping Stopping");
      tenant.await("s", "stopped Stopped");
      Tenant.patiently().untilAsserted(() -> assertThat(lastExitCode).hasValue(exitCode));
    }
  }

  private AgentService readyWithEnv(String value) {
    tenant.applyDeployment(template -> template);
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", value));
    tenant.applyService("s", spec -> restart(spec, "env-1", "one"));
    var ready = tenant.awaitReady("s");
    Tenant.patiently().until(() -> !tenant.hasSecret("env-1"));
    return ready;
  }

  private static AgentServiceSpec restart(AgentServiceSpec spec, String secret, String restartId) {
    return spec.withEnvSecret(new EnvSecret(secret)).withRestartId(restartId);
  }

  /** What a wanted restart waits for, or that it was given up. */
  static String pending(AgentService service) {
    return service.getStatus().conditions().stream()
        .filter(condition -> condition.getType().equals("StartPending"))
        .map(Condition::getReason)
        .findFirst()
        .orElse(null);
  }

  private static Watcher<Pod> exits(AtomicReference<Integer> lastExitCode) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Pod pod) {
        pod.getStatus().getContainerStatuses().stream()
            .map(status -> status.getState().getTerminated())
            .filter(terminated -> terminated != null)
            .forEach(terminated -> lastExitCode.set(terminated.getExitCode()));
      }

      @Override
      public void onClose(WatcherException cause) {
        // then the test does not see the exit code, and says so
      }
    };
  }
}
