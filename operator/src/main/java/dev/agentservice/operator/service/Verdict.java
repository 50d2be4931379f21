package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Phase;

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

  boolean isOver() {
    return phase == Phase.FAILED || phase == Phase.STOPPED;
  }
}
