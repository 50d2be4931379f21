package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.RestartPolicy;

/** How long a start, an obstacle or a loss is borne with before the service has failed. */
final class Patience {

  private Patience() {}

  static Verdict starting(Observation seen, Reason reason) {
    return Clocks.attemptIsLate(seen)
        ? Verdict.of(Phase.FAILED, Reason.START_DEADLINE_EXCEEDED)
        : Verdict.of(Phase.STARTING, reason);
  }

  /**
   * What is in the way of a start: unhealthy after it once was ready, failed when it is too late.
   */
  static Verdict untilTheDeadline(Observation seen, boolean hopeless, Verdict starting) {
    var phase =
        hopeless
            ? Phase.FAILED
            : seen.wasReady()
                ? Phase.UNHEALTHY
                : Clocks.attemptIsLate(seen) ? Phase.FAILED : Phase.STARTING;
    return new Verdict(phase, starting.reason(), starting.message());
  }

  /** The sandbox went away by itself: with transient env that is the end of it. */
  static Verdict lost(Observation seen, Reason how, Object subject) {
    if (seen.hasTransientEnv()) {
      return Verdict.of(Phase.FAILED, Reason.ENV_LOST);
    }
    var over =
        seen.restartPolicy() == RestartPolicy.NEVER || Recovery.inARow(seen) >= Recovery.LIMIT;
    return Verdict.of(over ? Phase.FAILED : Phase.UNHEALTHY, how, subject);
  }
}
