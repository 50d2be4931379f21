package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Phase;
import java.util.Optional;

/**
 * The phase a service is in, and why.
 *
 * @param reason the machine word: of one of our {@link Reason}s, or as another version wrote it
 * @param message the sentence
 */
record Verdict(Phase phase, String reason, String message) {

  static Verdict of(Phase phase, Reason reason, Object subject) {
    return new Verdict(phase, reason.word(), reason.sentence(subject));
  }

  static Verdict of(Phase phase, Reason reason) {
    return of(phase, reason, "");
  }

  /** The answer of a rule by which it is over. */
  static Optional<Verdict> failed(Reason reason, Object subject) {
    return Optional.of(of(Phase.FAILED, reason, subject));
  }

  boolean isOver() {
    return phase == Phase.FAILED || phase == Phase.STOPPED;
  }
}
