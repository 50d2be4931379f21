package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatus;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import java.time.Instant;
import java.util.Optional;

/**
 * What {@code status.readinessStatus} tells beside the phase: why, and what was seen of the sandbox
 * last. What a pod showed is kept when the pod is gone.
 */
final class ReadinessDetails {

  private ReadinessDetails() {}

  static ReadinessStatus of(Observation seen, Verdict verdict, Optional<Sandbox.PodFacts> pod) {
    var before =
        seen.status().readinessStatus() == null
            ? ReadinessStatusBuilder.builder().build()
            : seen.status().readinessStatus();
    var lastExit = pod.map(Sandbox.PodFacts::lastExit);
    return ReadinessStatusBuilder.builder(before)
        .reason(verdict.reason())
        .message(verdict.message())
        .stopReason(isStoppedByAuthor(verdict) ? seen.spec().stopReason() : null)
        .podPhase(pod.map(Sandbox.PodFacts::phase).orElse(null))
        .node(pod.map(Sandbox.PodFacts::node).orElse(before.node()))
        .restartCount(restarts(seen, pod).orElse(before.restartCount()))
        .stableRestartCount(
            pod.map(facts -> CrashLoop.stableRestarts(seen, facts))
                .orElse(before.stableRestartCount()))
        .lastExitCode(lastExitCode(seen, lastExit).orElse(before.lastExitCode()))
        .scheduledAt(time(pod.map(Sandbox.PodFacts::scheduledAt)).orElse(before.scheduledAt()))
        .lostAt(lostAt(seen, verdict))
        .readyAt(readyAt(seen, pod).orElse(before.readyAt()))
        .build();
  }

  /** As it was, while a launcher is still to be asked why it changed. */
  private static Optional<String> readyAt(Observation seen, Optional<Sandbox.PodFacts> pod) {
    return seen.launcherIsToBeAsked() ? Optional.empty() : time(pod.map(Sandbox.PodFacts::readyAt));
  }

  /** What a launcher restarts no pod counts. */
  private static Optional<Integer> restarts(Observation seen, Optional<Sandbox.PodFacts> pod) {
    return seen.heard() instanceof Heard.Agent agent
        ? Optional.of(agent.restarts())
        : pod.filter(facts -> !facts.supervised()).map(Sandbox.PodFacts::restarts);
  }

  private static Optional<Integer> lastExitCode(Observation seen, Optional<Sandbox.Exit> lastExit) {
    return lastExit
        .map(Sandbox.Exit::code)
        .or(
            () ->
                seen.heard() instanceof Heard.Agent agent
                    ? Optional.ofNullable(agent.lastExitCode())
                    : Optional.empty());
  }

  private static boolean isStoppedByAuthor(Verdict verdict) {
    var reason = Reason.ofWord(verdict.reason());
    return reason == Reason.STOPPING || reason == Reason.STOPPED;
  }

  private static String lostAt(Observation seen, Verdict verdict) {
    var isLost =
        verdict.phase() == Phase.UNHEALTHY
            && switch (seen.sandbox()) {
              case Sandbox.Absent _,
                  Sandbox.Leaving _,
                  Sandbox.Ended _,
                  Sandbox.Orphaned _,
                  Sandbox.NodeLost _ ->
                  true;
              default -> false;
            };
    return isLost ? ConditionWriter.rfc3339(Recovery.lostAt(seen)) : null;
  }

  private static Optional<String> time(Optional<Instant> time) {
    return time.map(ConditionWriter::rfc3339);
  }
}
