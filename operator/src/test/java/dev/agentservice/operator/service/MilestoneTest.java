package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MilestoneTest {

  /** As the CRD's defaults have it. */
  private static final AgentServiceStatus NEW =
      AgentServiceStatusBuilder.builder().observedGeneration(-1L).phase(Phase.STARTING).build();

  static Stream<Arguments> changes() {
    return Stream.of(
        arguments(
            "looked at, and begun",
            NEW,
            status(Phase.STARTING, Reason.STARTING, 1),
            List.of(
                new Milestone.StartReached(Phase.STARTING, true),
                new Milestone.PhaseEntered(Phase.STARTING, "Starting"))),
        arguments(
            "refused at first sight",
            null,
            status(Phase.FAILED, Reason.DEPLOYMENT_NOT_FOUND, null),
            List.of(
                new Milestone.StartReached(Phase.STARTING, true),
                new Milestone.PhaseEntered(Phase.FAILED, "DeploymentNotFound"),
                new Milestone.StartReached(Phase.FAILED, true))),
        arguments(
            "mended and begun: no restart",
            status(Phase.FAILED, Reason.DEPLOYMENT_NOT_FOUND, null),
            status(Phase.STARTING, Reason.STARTING, 1),
            List.of(new Milestone.PhaseEntered(Phase.STARTING, "Starting"))),
        arguments(
            "ready, with env",
            status(Phase.STARTING, Reason.STARTING, 1),
            injected(status(Phase.READY, Reason.SERVING, 1)),
            List.of(
                new Milestone.EnvInjected(true),
                new Milestone.PhaseEntered(Phase.READY, "Serving"),
                new Milestone.StartReached(Phase.READY, true))),
        arguments(
            "still ready",
            injected(status(Phase.READY, Reason.SERVING, 1)),
            injected(status(Phase.READY, Reason.SERVING, 1)),
            List.of()),
        arguments(
            "the node started the container twice more",
            restarted(status(Phase.READY, Reason.SERVING, 1), 1),
            restarted(status(Phase.UNHEALTHY, Reason.OOM_KILLED, 1), 3),
            List.of(
                new Milestone.ProcessRestarted("OOMKilled", 2),
                new Milestone.PhaseEntered(Phase.UNHEALTHY, "OOMKilled"))),
        arguments(
            "a restart of the container that was over before it was seen",
            status(Phase.READY, Reason.SERVING, 1),
            restarted(status(Phase.READY, Reason.SERVING, 1), 1),
            List.of(new Milestone.ProcessRestarted("Exited", 1))),
        arguments(
            "back from trouble: its start was over long ago",
            status(Phase.UNHEALTHY, Reason.PROBE_FAILED, 1),
            status(Phase.READY, Reason.SERVING, 1),
            List.of(new Milestone.PhaseEntered(Phase.READY, "Serving"))),
        arguments(
            "a restart as asked",
            status(Phase.STOPPING, Reason.RESTARTING, 1),
            status(Phase.STARTING, Reason.STARTING, 2).withRestartId("2"),
            List.of(
                new Milestone.SandboxRestarted("RestartRequested"),
                new Milestone.PhaseEntered(Phase.STARTING, "Starting"))),
        arguments(
            "started again after a stop",
            status(Phase.STOPPED, Reason.STOPPED, 1),
            status(Phase.STARTING, Reason.STARTING, 2),
            List.of(
                new Milestone.SandboxRestarted("StartRequested"),
                new Milestone.PhaseEntered(Phase.STARTING, "Starting"))),
        arguments(
            "a lost sandbox is replaced",
            status(Phase.UNHEALTHY, Reason.EVICTED, 1),
            recovering(status(Phase.STARTING, Reason.STARTING, 2)),
            List.of(
                new Milestone.SandboxRestarted("Evicted"),
                new Milestone.PhaseEntered(Phase.STARTING, "Starting"))),
        arguments(
            "a later start that fails",
            status(Phase.STARTING, Reason.STARTING, 2),
            status(Phase.FAILED, Reason.CRASH_LOOP, 2),
            List.of(
                new Milestone.PhaseEntered(Phase.FAILED, "CrashLoop"),
                new Milestone.StartReached(Phase.FAILED, false))),
        arguments(
            "a reason that another version wrote is no label",
            status(Phase.STARTING, Reason.STARTING, 1),
            withReason(status(Phase.FAILED, Reason.EXITED, 1), "FromTheFuture"),
            List.of(
                new Milestone.PhaseEntered(Phase.FAILED, "Other"),
                new Milestone.StartReached(Phase.FAILED, true))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void isWhatIsNew(
      String change,
      AgentServiceStatus before,
      AgentServiceStatus now,
      List<Milestone> milestones) {
    assertThat(Milestone.between(before, now)).isEqualTo(milestones);
  }

  private static AgentServiceStatus status(Phase phase, Reason reason, Integer attempt) {
    return withReason(
        NEW.withObservedGeneration(1L).withPhase(phase).withAttempt(attempt), reason.word());
  }

  private static AgentServiceStatus withReason(AgentServiceStatus status, String word) {
    return status.withReadinessStatus(ReadinessStatusBuilder.builder().reason(word).build());
  }

  private static AgentServiceStatus restarted(AgentServiceStatus status, int times) {
    return status.withReadinessStatus(status.readinessStatus().withRestartCount(times));
  }

  private static AgentServiceStatus recovering(AgentServiceStatus status) {
    return status.withReadinessStatus(status.readinessStatus().withRecoveries(1));
  }

  private static AgentServiceStatus injected(AgentServiceStatus status) {
    return status.withConditions(
        List.of(
            new ConditionBuilder()
                .withType(Conditions.ENV_INJECTED)
                .withStatus(ConditionWriter.TRUE)
                .build()));
  }
}
