package dev.agentservice.operator.service;

import java.time.Instant;
import java.util.Objects;

/**
 * Whether the node starts an agent again and again in vain. What counts are the restarts since the
 * agent last served for long, which status remembers: those of a long life are no loop.
 */
final class CrashLoop {

  /** Restarts by the node, in a row in one sandbox, after which an agent has failed. */
  static final int LIMIT = 5;

  private CrashLoop() {}

  static boolean isIn(Observation seen, Sandbox.PodFacts pod) {
    return pod.restarts() - Objects.requireNonNullElse(stableRestarts(seen, pod), 0) >= LIMIT;
  }

  /** How often it had been restarted when it last exited after long service; null if never. */
  static Integer stableRestarts(Observation seen, Sandbox.PodFacts pod) {
    var before = seen.status().readinessStatus();
    if (before == null) {
      return null;
    }
    return before.readyAt() != null && servedLong(pod.lastRun(), Instant.parse(before.readyAt()))
        ? Integer.valueOf(pod.restarts())
        : before.stableRestartCount();
  }

  /** It counts from when this very run was found ready, not one before it, until its exit. */
  private static boolean servedLong(Sandbox.Run run, Instant readyAt) {
    return run != null
        && !readyAt.isBefore(run.startedAt())
        && !run.endedAt().isBefore(readyAt.plus(Recovery.STABLE));
  }
}
