package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.RestartPolicy;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why a service is in the phase it is in. Asked from the top; the first rule with an answer
 * decides.
 */
final class Rules {

  /** Restarts by the node, in one sandbox, after which an agent is held to be in a crash loop. */
  static final int CRASH_LOOP_RESTARTS = 5;

  private static final List<Function<Observation, Optional<Verdict>>> RULES =
      List.of(
          Rules::alreadyOver,
          Rules::stoppedOnPurpose,
          Rules::startRefused,
          Rules::startWaits,
          Rules::startBegins,
          Rules::deploymentDeleted,
          Rules::nameTaken,
          Rules::podRefused,
          Rules::sandboxMissing,
          Rules::sandboxLeaving,
          Rules::nodeLost,
          Rules::agentExited,
          Rules::agentRestarting,
          Rules::agentNotRunning,
          Rules::agentRunning);

  private Rules() {}

  static Verdict verdict(Observation seen) {
    return RULES.stream()
        .flatMap(rule -> rule.apply(seen).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no rule speaks of " + seen.sandbox()));
  }

  /** Whether the agent of the current attempt is there to be kept while a restart waits. */
  static boolean hasLiveAgent(Observation seen) {
    return switch (seen.status().phase()) {
      case STARTING, READY, UNHEALTHY ->
          switch (seen.sandbox()) {
            case Sandbox.Running _, Sandbox.Restarting _, Sandbox.Waiting _ -> true;
            default -> false;
          };
      case STOPPING, STOPPED, FAILED -> false;
    };
  }

  private static Optional<Verdict> alreadyOver(Observation seen) {
    if (Intent.of(seen.service()) != Intent.REST) {
      return Optional.empty();
    }
    var status = seen.status();
    var details = status.readinessStatus();
    return Optional.of(
        new Verdict(status.phase(), Reason.ofWord(details.reason()), details.message()));
  }

  private static Optional<Verdict> stoppedOnPurpose(Observation seen) {
    if (Intent.of(seen.service()) != Intent.STOP) {
      return Optional.empty();
    }
    return Optional.of(
        hasAnyPod(seen)
            ? Verdict.of(Phase.STOPPING, Reason.STOPPING)
            : Verdict.of(Phase.STOPPED, Reason.STOPPED));
  }

  private static Optional<Verdict> startRefused(Observation seen) {
    return wantsStart(seen)
            && !hasLiveAgent(seen)
            && StartCheck.of(seen) instanceof StartCheck.Never(Reason reason, String subject)
        ? failed(reason, subject)
        : Optional.empty();
  }

  private static Optional<Verdict> startWaits(Observation seen) {
    if (!wantsStart(seen)
        || hasLiveAgent(seen)
        || !(StartCheck.of(seen) instanceof StartCheck.Wait(Reason reason, String subject))) {
      return Optional.empty();
    }
    // that one waits for this very operator, however long it was away
    var canBeLate = reason != Reason.DEPLOYMENT_PENDING;
    return Optional.of(
        Verdict.of(
            canBeLate && Clocks.startIsLate(seen) ? Phase.FAILED : Phase.STARTING,
            reason,
            subject));
  }

  private static Optional<Verdict> startBegins(Observation seen) {
    if (!wantsStart(seen) || !(StartCheck.of(seen) instanceof StartCheck.Go)) {
      return Optional.empty();
    }
    return Optional.of(
        seen.wasStarted() && hasAnyPod(seen)
            ? Verdict.of(Phase.STOPPING, Reason.RESTARTING)
            : Verdict.of(Phase.STARTING, Reason.STARTING));
  }

  private static Optional<Verdict> deploymentDeleted(Observation seen) {
    return seen.deploymentDeleted()
        ? failed(Reason.DEPLOYMENT_DELETED, seen.spec().deployment())
        : Optional.empty();
  }

  private static Optional<Verdict> nameTaken(Observation seen) {
    if (seen.sandbox() instanceof Sandbox.Foreign(String name)) {
      return failed(Reason.NAME_CONFLICT, name);
    }
    return seen.front() instanceof Front.Foreign(String name)
        ? failed(Reason.NAME_CONFLICT, name)
        : Optional.empty();
  }

  private static Optional<Verdict> podRefused(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Refused(Reason reason, int httpStatus))) {
      return Optional.empty();
    }
    var unprocessable = httpStatus == 422;
    return Optional.of(
        Verdict.of(
            unprocessable || Clocks.startIsLate(seen) ? Phase.FAILED : Phase.STARTING,
            reason,
            httpStatus));
  }

  private static Optional<Verdict> sandboxMissing(Observation seen) {
    return switch (seen.sandbox()) {
      case Sandbox.Former _ -> Optional.of(starting(seen, Reason.RESTARTING));
      case Sandbox.Absent _ when !wasSeen(seen) ->
          Optional.of(
              seen.transientSecret() instanceof TransientSecret.Absent(String name)
                  ? Verdict.of(
                      Clocks.startIsLate(seen) ? Phase.FAILED : Phase.STARTING,
                      Reason.ENV_SECRET_NOT_FOUND,
                      name)
                  : starting(seen, Reason.STARTING));
      case Sandbox.Absent _ -> lost(seen, Reason.SANDBOX_LOST);
      default -> Optional.empty();
    };
  }

  private static Optional<Verdict> sandboxLeaving(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Leaving
        ? lost(seen, Reason.SANDBOX_LOST)
        : Optional.empty();
  }

  private static Optional<Verdict> nodeLost(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.NodeLost)) {
      return Optional.empty();
    }
    return seen.hasTransientEnv()
        ? failed(Reason.NODE_LOST, "")
        : Optional.of(Verdict.of(Phase.UNHEALTHY, Reason.NODE_LOST));
  }

  private static Optional<Verdict> agentExited(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Ended(_, Sandbox.Exit exit))) {
      return Optional.empty();
    }
    if (exit.evicted()) {
      return seen.hasTransientEnv() ? failed(Reason.EVICTED, "") : lost(seen, Reason.EVICTED);
    }
    if (seen.restartPolicy() == RestartPolicy.NEVER && exit.code() == 0) {
      return Optional.of(Verdict.of(Phase.STOPPED, Reason.COMPLETED));
    }
    if (exit.outOfMemory()) {
      return failed(Reason.OOM_KILLED, "");
    }
    var gaveUpItsEnv = seen.restartPolicy() == RestartPolicy.ALWAYS && exit.code() == 0;
    return gaveUpItsEnv ? failed(Reason.ENV_LOST, "") : failed(Reason.EXITED, exit.code());
  }

  private static Optional<Verdict> agentRestarting(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Restarting(Sandbox.PodFacts pod, Sandbox.Exit last))) {
      return Optional.empty();
    }
    var reason = last.outOfMemory() ? Reason.OOM_KILLED : Reason.CRASH_LOOP;
    if (pod.restarts() >= CRASH_LOOP_RESTARTS) {
      return failed(reason, last.code());
    }
    return Optional.of(
        wasReady(seen)
            ? Verdict.of(Phase.UNHEALTHY, reason, last.code())
            : Verdict.of(
                Clocks.startIsLate(seen) ? Phase.FAILED : Phase.STARTING, reason, last.code()));
  }

  private static Optional<Verdict> agentNotRunning(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Waiting(_, Reason obstacle))) {
      return Optional.empty();
    }
    if (obstacle == null) {
      return Optional.of(starting(seen, Reason.STARTING));
    }
    var hopeless =
        switch (obstacle) {
          case INVALID_IMAGE_NAME, RUNS_AS_ROOT, CONTAINER_CANNOT_RUN -> true;
          default -> false;
        };
    return Optional.of(
        Verdict.of(
            hopeless || Clocks.startIsLate(seen) ? Phase.FAILED : Phase.STARTING,
            obstacle,
            image(seen)));
  }

  private static Optional<Verdict> agentRunning(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Running(_, boolean ready))) {
      return Optional.empty();
    }
    var serving = seen.front() instanceof Front.Present front && front.serving();
    if (ready && serving) {
      return Optional.of(Verdict.of(Phase.READY, Reason.SERVING));
    }
    var lacking = ready ? Reason.ENDPOINT_NOT_READY : Reason.PROBE_FAILED;
    if (wasReady(seen)) {
      return Optional.of(Verdict.of(Phase.UNHEALTHY, lacking));
    }
    return Clocks.startIsLate(seen)
        ? failed(lacking, "")
        : Optional.of(Verdict.of(Phase.STARTING, Reason.STARTING));
  }

  /** The sandbox went away by itself: with transient env that is the end of it. */
  private static Optional<Verdict> lost(Observation seen, Reason how) {
    if (seen.hasTransientEnv()) {
      return failed(Reason.ENV_LOST, "");
    }
    return seen.restartPolicy() == RestartPolicy.NEVER || Recovery.inARow(seen) >= Recovery.LIMIT
        ? failed(how, "")
        : Optional.of(Verdict.of(Phase.UNHEALTHY, how));
  }

  private static Verdict starting(Observation seen, Reason reason) {
    return Clocks.startIsLate(seen)
        ? Verdict.of(Phase.FAILED, Reason.START_DEADLINE_EXCEEDED)
        : Verdict.of(Phase.STARTING, reason);
  }

  private static Optional<Verdict> failed(Reason reason, Object subject) {
    return Optional.of(Verdict.of(Phase.FAILED, reason, subject));
  }

  private static boolean wantsStart(Observation seen) {
    return Intent.of(seen.service()) == Intent.START;
  }

  private static boolean wasReady(Observation seen) {
    return seen.status().phase() == Phase.READY || seen.status().phase() == Phase.UNHEALTHY;
  }

  /** Whether this attempt's pod was there before, so that its absence is a loss. */
  private static boolean wasSeen(Observation seen) {
    return seen.status().sandboxId() != null || seen.status().phase() != Phase.STARTING;
  }

  private static boolean hasAnyPod(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Present || !seen.others().isEmpty();
  }

  private static Object image(Observation seen) {
    return seen.recipe() instanceof Recipe.Found found ? found.template().image() : "";
  }
}
