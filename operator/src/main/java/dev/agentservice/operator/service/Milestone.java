package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** What of a service's change is counted or timed. */
sealed interface Milestone {

  /** The service's phase is another one now. */
  record PhaseEntered(Phase phase, String reason) implements Milestone {}

  /** A new service was looked at, or a start led to this phase. */
  record StartReached(Phase phase, boolean first) implements Milestone {}

  /** Status says that transient env reached the process. */
  record EnvInjected(boolean first) implements Milestone {}

  /** A new sandbox was begun, not the service's first. */
  record SandboxRestarted(String reason) implements Milestone {}

  /** The node started the container again, or the launcher its agent, so many times. */
  record ProcessRestarted(String reason, int times) implements Milestone {}

  String RESTART_REQUESTED = "RestartRequested";
  String START_REQUESTED = "StartRequested";

  /**
   * What {@code now} has that {@code written} had not.
   *
   * @param written the status as it was; null, or never observed, where the service is new
   */
  static List<Milestone> between(AgentServiceStatus written, AgentServiceStatus now) {
    var before = written != null && Observation.isNew(written) ? null : written;
    var milestones = new ArrayList<Milestone>();
    restart(before, now).ifPresent(milestones::add);
    processRestart(before, now).ifPresent(milestones::add);
    if (isInjected(now) && !isInjected(before)) {
      milestones.add(new EnvInjected(isFirstStart(now)));
    }
    if (before == null) {
      milestones.add(new StartReached(Phase.STARTING, true));
    }
    if (before == null || before.phase() != now.phase()) {
      milestones.add(new PhaseEntered(now.phase(), reason(now)));
    }
    if (now.phase() != Phase.STARTING && (before == null || before.phase() == Phase.STARTING)) {
      milestones.add(new StartReached(now.phase(), isFirstStart(now)));
    }
    return milestones;
  }

  private static Optional<Milestone> restart(AgentServiceStatus before, AgentServiceStatus now) {
    if (before == null
        || before.attempt() == null
        || Objects.equals(before.attempt(), now.attempt())) {
      return Optional.empty();
    }
    var replacesLost = detail(now, ReadinessStatus::recoveries).isPresent();
    var isRestart = !Objects.equals(before.restartId(), now.restartId());
    return Optional.of(
        new SandboxRestarted(
            replacesLost ? reason(before) : isRestart ? RESTART_REQUESTED : START_REQUESTED));
  }

  private static Optional<Milestone> processRestart(
      AgentServiceStatus before, AgentServiceStatus now) {
    if (before == null || !Objects.equals(before.attempt(), now.attempt())) {
      return Optional.empty();
    }
    var times = restarts(now) - restarts(before);
    return times <= 0
        ? Optional.empty()
        : Optional.of(new ProcessRestarted(reasonOfExit(now), times));
  }

  /** A restart can be over when it is seen: then nothing tells more than that the process ended. */
  private static String reasonOfExit(AgentServiceStatus now) {
    var reason = Reason.ofWord(reason(now));
    return (reason != null && reason.isTrouble() ? reason : Reason.EXITED).word();
  }

  private static int restarts(AgentServiceStatus status) {
    return detail(status, ReadinessStatus::restartCount).orElse(0);
  }

  private static boolean isInjected(AgentServiceStatus status) {
    return status != null && ConditionWriter.isTrue(status.conditions(), Conditions.ENV_INJECTED);
  }

  private static boolean isFirstStart(AgentServiceStatus status) {
    return status.attempt() == null || status.attempt() == 1;
  }

  /** Only a word of ours is a label: there are so many, and no more. */
  private static String reason(AgentServiceStatus status) {
    return detail(status, ReadinessStatus::reason)
        .filter(word -> Reason.ofWord(word) != null)
        .orElse("Other");
  }

  private static <T> Optional<T> detail(
      AgentServiceStatus status, Function<ReadinessStatus, T> field) {
    return Optional.ofNullable(status.readinessStatus()).map(field);
  }
}
