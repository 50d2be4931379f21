package dev.agentservice.operator.service;

import java.time.Duration;
import java.time.Instant;

/**
 * When a lost sandbox is replaced. All of it is computed from status, so an operator that was
 * restarted waits neither longer nor shorter.
 */
final class Recovery {

  /** After so many losses in a row the service has failed. */
  static final int LIMIT = 6;

  /** A sandbox that served this long ends a row of losses, or of crashes. */
  static final Duration STABLE = Duration.ofMinutes(10);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private Recovery() {}

  /** How many sandboxes in a row were replaced before this loss. */
  static int inARow(Observation seen) {
    var details = seen.status().readinessStatus();
    if (details == null || details.recoveries() == null) {
      return 0;
    }
    var servedLong =
        details.readyAt() != null
            && !lostAt(seen).isBefore(Instant.parse(details.readyAt()).plus(STABLE));
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

  /** When the sandbox was first seen lost: now, unless status remembers. */
  static Instant lostAt(Observation seen) {
    var details = seen.status().readinessStatus();
    return details == null || details.lostAt() == null
        ? seen.now()
        : Instant.parse(details.lostAt());
  }
}
