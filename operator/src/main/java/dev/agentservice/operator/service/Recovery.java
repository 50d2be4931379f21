package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;

/**
 * When a lost sandbox is replaced. All of it is computed from status, so an operator that was
 * restarted waits neither longer nor shorter.
 */
final class Recovery {

  /** After so many losses in a row the service has failed. */
  static final int LIMIT = 6;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** A sandbox that served this long ends a row of losses. */
  private static final Duration STABLE = Duration.ofMinutes(10);

  private Recovery() {}

  /** How many sandboxes in a row were replaced before this loss. */
  static int inARow(Observation seen) {
    var details = seen.status().readinessStatus();
    if (details == null || details.recoveries() == null) {
      return 0;
    }
    var readyAt = details.readyAt() == null ? null : Instant.parse(details.readyAt());
    var servedLong = readyAt != null && !lostAt(seen).isBefore(readyAt.plus(STABLE));
    return servedLong ? 0 : details.recoveries();
  }

  /** The first loss is made good at once, each further one in a row after twice the wait. */
  static Instant dueAt(Observation seen) {
    var losses = inARow(seen);
    if (losses == 0) {
      return lostAt(seen);
    }
    var wait = FIRST_WAIT.multipliedBy(1L << Math.min(losses - 1, LIMIT));
    return lostAt(seen).plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
  }

  private static Instant lostAt(Observation seen) {
    return seen.status().phase() != Phase.UNHEALTHY
        ? seen.now()
        : ConditionWriter.find(seen.status().conditions(), ConditionWriter.READY)
            .map(Condition::getLastTransitionTime)
            .map(Instant::parse)
            .orElse(seen.now());
  }
}
