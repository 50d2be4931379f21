package dev.agentservice.api.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A Secret that nobody would take must not be made, and one that is awaited must. */
class AwaitedEnvTest {

  private static final AgentServiceSpec SPEC =
      AgentServiceSpecBuilder.builder()
          .deployment("d")
          .restartId("initial")
          .desiredState(DesiredState.RUNNING)
          .envSecret(new EnvSecret("s"))
          .build();
  private static final AgentServiceStatus NEW =
      AgentServiceStatusBuilder.builder().phase(Phase.STARTING).build();
  private static final AgentServiceStatus TOOK_IT =
      NEW.withAttempt(1).withRestartId("initial").withEnvSecretName("s");
  private static final AgentServiceStatus RUNS_WITH_IT =
      TOOK_IT.withPhase(Phase.READY).withConditions(injected("True"));

  static Stream<Arguments> situations() {
    return Stream.of(
        arguments("not looked at yet", SPEC, null, true),
        arguments("looked at, nothing begun", SPEC, NEW.withRestartId("initial"), true),
        arguments("names another Secret", SPEC.withEnvSecret(new EnvSecret("t")), NEW, false),
        arguments("names none", SPEC.withEnvSecret(null), NEW, false),
        arguments("to be stopped", SPEC.withDesiredState(DesiredState.STOPPED), NEW, false),
        arguments("failed for want of it", SPEC, failed("EnvSecretNotFound"), true),
        arguments("failed for want of its deployment", SPEC, failed("DeploymentNotFound"), true),
        arguments("failed as a duplicate", SPEC, failed("DuplicateIdempotencyKey"), false),
        arguments("failed, too many services", SPEC, failed("MaxServicesReached"), false),
        arguments("took it, its process is not there yet", SPEC, TOOK_IT, true),
        arguments("took it, and runs", SPEC, RUNS_WITH_IT, false),
        arguments(
            "took it, injected, not ready yet",
            SPEC,
            RUNS_WITH_IT.withPhase(Phase.STARTING),
            false),
        arguments("took it, and failed", SPEC, TOOK_IT.withPhase(Phase.FAILED), false),
        arguments("took it, and stopped", SPEC, RUNS_WITH_IT.withPhase(Phase.STOPPED), false),
        arguments(
            "restarted, the former agent still runs",
            restarted(),
            RUNS_WITH_IT.withEnvSecretName("former"),
            true),
        arguments(
            "restarted after it failed",
            restarted(),
            failed("Exited").withAttempt(1).withEnvSecretName("former"),
            true),
        arguments(
            "a duplicate restarted, which never runs",
            restarted(),
            failed("DuplicateIdempotencyKey").withEnvSecretName(null),
            false),
        arguments("the operator may not read it yet", SPEC, failed("EnvSourceRefused"), true),
        arguments(
            "the restart was given up",
            restarted(),
            RUNS_WITH_IT.withEnvSecretName("former").withRestartId("again"),
            false));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("situations")
  void awaits(String situation, AgentServiceSpec spec, AgentServiceStatus status, boolean awaited) {
    assertThat(AwaitedEnv.awaits(service(spec, status), "s")).isEqualTo(awaited);

    var deleted = service(spec, status);
    deleted.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    assertThat(AwaitedEnv.awaits(deleted, "s")).isFalse();
  }

  private static AgentServiceSpec restarted() {
    return SPEC.withRestartId("again");
  }

  private static AgentServiceStatus failed(String reason) {
    return NEW.withPhase(Phase.FAILED)
        .withRestartId("initial")
        .withReadinessStatus(ReadinessStatusBuilder.builder().reason(reason).build());
  }

  private static List<io.fabric8.kubernetes.api.model.Condition> injected(String status) {
    return List.of(new ConditionBuilder().withType("EnvInjected").withStatus(status).build());
  }

  private static AgentService service(AgentServiceSpec spec, AgentServiceStatus status) {
    var service = new AgentService();
    service.setMetadata(new ObjectMetaBuilder().withName("x").withUid("u").build());
    service.setSpec(spec);
    service.setStatus(status);
    return service;
  }
}
