package dev.agentservice.operator.service;

import java.time.Instant;
import java.util.Optional;

/** When the record of a service that is over is deleted, if its author asked for that at all. */
final class Expiry {

  private Expiry() {}

  /** {@code ttlSecondsAfterFinished} after it stopped; empty where its record is to be kept. */
  static Optional<Instant> dueAt(Observation seen) {
    var ttl = seen.spec().ttlSecondsAfterFinished();
    var stoppedAt = seen.status().stoppedAt();
    return ttl == null || stoppedAt == null
        ? Optional.empty()
        : Optional.of(Instant.parse(stoppedAt).plusSeconds(ttl));
  }

  static boolean isDue(Observation seen) {
    return dueAt(seen).filter(at -> !seen.now().isBefore(at)).isPresent();
  }
}
