package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Phase;
import java.util.Optional;

/** Where its author's {@link Intent} decides: what is over, is to stop, or is to start. */
final class IntentRules {

  private IntentRules() {}

  static Optional<Verdict> alreadyOver(Observation seen) {
    return Intent.of(seen.service()) == Intent.REST
        ? Optional.of(asBefore(seen))
        : Optional.empty();
  }

  static Optional<Verdict> stoppedOnPurpose(Observation seen) {
    if (Intent.of(seen.service()) != Intent.STOP) {
      return Optional.empty();
    }
    var stillStopping = hasAnyPod(seen) && seen.status().phase() != Phase.STOPPED;
    return Optional.of(
        stillStopping
            ? Verdict.of(Phase.STOPPING, Reason.STOPPING)
            : Verdict.of(Phase.STOPPED, Reason.STOPPED));
  }

  static Optional<Verdict> startRefused(Observation seen) {
    return wantsStart(seen)
            && !seen.hasLiveAgent()
            && StartCheck.of(seen) instanceof StartCheck.Never(Reason reason, String subject)
        ? Verdict.failed(reason, subject)
        : Optional.empty();
  }

  static Optional<Verdict> startWaits(Observation seen) {
    if (!wantsStart(seen)
        || seen.hasLiveAgent()
        || !(StartCheck.of(seen) instanceof StartCheck.Wait(Reason reason, String subject))) {
      return Optional.empty();
    }
    if (seen.status().phase() == Phase.READY) { // it went away while a restart waits: told first
      return Optional.of(Patience.lost(seen, Reason.SANDBOX_LOST, ""));
    }
    var failedBefore = seen.status().phase() == Phase.FAILED && !seen.wasStarted();
    if (reason
        == Reason.DEPLOYMENT_PENDING) { // waits for this very operator, however long it was away
      return Optional.of(
          failedBefore ? asBefore(seen) : Verdict.of(Phase.STARTING, reason, subject));
    }
    var late = failedBefore || Clocks.waitIsLate(seen);
    return Optional.of(Verdict.of(late ? Phase.FAILED : Phase.STARTING, reason, subject));
  }

  static Optional<Verdict> startBegins(Observation seen) {
    if (!wantsStart(seen) || !(StartCheck.of(seen) instanceof StartCheck.Go)) {
      return Optional.empty();
    }
    if (seen.wasStarted() && hasAnyPod(seen)) {
      return Optional.of(Verdict.of(Phase.STOPPING, Reason.RESTARTING));
    }
    var waitsForFormer = seen.sandbox() instanceof Sandbox.Former;
    return Optional.of(
        Verdict.of(Phase.STARTING, waitsForFormer ? Reason.RESTARTING : Reason.STARTING));
  }

  private static Verdict asBefore(Observation seen) {
    var details = seen.status().readinessStatus();
    return new Verdict(seen.status().phase(), details.reason(), details.message());
  }

  private static boolean wantsStart(Observation seen) {
    return Intent.of(seen.service()) == Intent.START;
  }

  private static boolean hasAnyPod(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Present || !seen.others().isEmpty();
  }
}
