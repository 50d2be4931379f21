package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Phase;

/** The phase a service is in, and why, in a word and in a sentence. */
record Verdict(Phase phase, Reason reason, String message) {

  static Verdict of(Phase phase, Reason reason, Object subject) {
    return new Verdict(phase, reason, reason.sentence(subject));
  }

  static Verdict of(Phase phase, Reason reason) {
    return of(phase, reason, "");
  }

  boolean isOver() {
    return phase == Phase.FAILED || phase == Phase.STOPPED;
  }
}
