package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Phase;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Where an attempt has no sandbox, is about to lose it, or cannot get all that belongs to it. */
final class SandboxRules {

  /** What may have kept the sandbox from being made when it was last tried. */
  private static final Set<Reason> REFUSED =
      EnumSet.of(
          Reason.QUOTA_EXCEEDED,
          Reason.POD_REFUSED,
          Reason.API_ERROR,
          Reason.NETWORK_POLICY_REFUSED,
          Reason.NAME_CONFLICT);

  private SandboxRules() {}

  static Optional<Verdict> deploymentDeleted(Observation seen) {
    return seen.deploymentDeleted()
        ? Verdict.failed(Reason.DEPLOYMENT_DELETED, seen.spec().deployment())
        : Optional.empty();
  }

  static Optional<Verdict> nameTaken(Observation seen) {
    if (seen.sandbox() instanceof Sandbox.Foreign(String name)) {
      return Verdict.failed(Reason.NAME_CONFLICT, name);
    }
    return seen.front() instanceof Front.Foreign(String name)
        ? Verdict.failed(Reason.NAME_CONFLICT, name)
        : Optional.empty();
  }

  static Optional<Verdict> writeRefused(Observation seen) {
    return seen.refusal()
        .filter(_ -> !AgentRules.isServing(seen))
        .flatMap(
            refusal ->
                refusal
                    .hindrance()
                    .map(reason -> Verdict.of(Phase.STARTING, reason, refusal.subject()))
                    .map(
                        starting ->
                            Patience.untilTheDeadline(seen, refusal.isForGood(), starting)));
  }

  static Optional<Verdict> sandboxMissing(Observation seen) {
    return switch (seen.sandbox()) {
      case Sandbox.Former _ -> Optional.of(Patience.starting(seen, Reason.RESTARTING));
      case Sandbox.Untaken _, Sandbox.Missed _ -> Optional.of(owed(seen));
      case Sandbox.Absent _ -> wasSeen(seen) ? replacement(seen) : Optional.of(owed(seen));
      default -> Optional.empty();
    };
  }

  /** The attempt was written down, and its pod was never made or never seen. */
  private static Verdict owed(Observation seen) {
    return switch (seen.transientSecret()) {
      case TransientSecret.Absent(String name) ->
          Patience.untilTheDeadline(
              seen, false, Verdict.of(Phase.STARTING, Reason.ENV_SECRET_NOT_FOUND, name));
      case TransientSecret.Refused(String name) ->
          Patience.untilTheDeadline(
              seen, false, Verdict.of(Phase.STARTING, Reason.ENV_SOURCE_REFUSED, "Secret " + name));
      case TransientSecret.Invalid(String name) ->
          Verdict.of(Phase.FAILED, Reason.ENV_SECRET_INVALID, name);
      default -> {
        var details = seen.status().readinessStatus();
        var last = details == null ? null : Reason.ofWord(details.reason());
        yield last != null && REFUSED.contains(last) && Clocks.attemptIsLate(seen)
            ? new Verdict(Phase.FAILED, details.reason(), details.message())
            : Patience.starting(seen, Reason.STARTING);
      }
    };
  }

  /**
   * A lost sandbox is replaced by what a start would make now: if nothing may start, it is over,
   * and for what may yet come it waits as long as a start does.
   */
  private static Optional<Verdict> replacement(Observation seen) {
    var verdict = Patience.lost(seen, Reason.SANDBOX_LOST, "");
    if (verdict.phase() != Phase.UNHEALTHY) {
      return Optional.of(verdict);
    }
    return switch (StartCheck.of(seen)) {
      case StartCheck.Never(Reason reason, String subject) -> Verdict.failed(reason, subject);
      case StartCheck.Wait(Reason reason, String subject) ->
          seen.recipe() instanceof Recipe.Unavailable || Clocks.replacementIsLate(seen)
              ? Verdict.failed(reason, subject)
              : Optional.of(Verdict.of(Phase.UNHEALTHY, reason, subject));
      case StartCheck.Go _ -> Optional.of(verdict);
    };
  }

  /** Whether this attempt's pod was there before, so that its absence is a loss. */
  private static boolean wasSeen(Observation seen) {
    return seen.status().sandboxId() != null || seen.status().phase() != Phase.STARTING;
  }

  static Optional<Verdict> sandboxLeaving(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Leaving || seen.sandbox() instanceof Sandbox.Orphaned
        ? Optional.of(Patience.lost(seen, Reason.SANDBOX_LOST, ""))
        : Optional.empty();
  }

  static Optional<Verdict> nodeLost(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.NodeLost)) {
      return Optional.empty();
    }
    return seen.hasTransientEnv()
        ? Verdict.failed(Reason.NODE_LOST, "")
        : Optional.of(Verdict.of(Phase.UNHEALTHY, Reason.NODE_LOST));
  }
}
