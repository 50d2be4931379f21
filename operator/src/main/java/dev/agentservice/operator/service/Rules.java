package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Heard;
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

  /** With these a launcher ends, as a shell does, that cannot execute the command. */
  private static final int NOT_EXECUTABLE = 126;

  private static final int NOT_FOUND = 127;

  /** By SIGKILL, which a launcher does not survive either. */
  private static final int KILLED = 137;

  private static final List<Function<Observation, Optional<Verdict>>> RULES =
      List.of(
          Rules::alreadyOver,
          Rules::stoppedOnPurpose,
          Rules::startRefused,
          Rules::startWaits,
          Rules::startBegins,
          Rules::deploymentDeleted,
          Rules::nameTaken,
          Rules::writeRefused,
          Rules::sandboxMissing,
          Rules::sandboxLeaving,
          Rules::nodeLost,
          Rules::agentExited,
          Rules::agentRestarting,
          Rules::agentNotRunning,
          Rules::launcherRefuses,
          Rules::launcherWaits,
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
            case Sandbox.NodeLost lost -> !lost.leaving();
            default -> false;
          };
      case STOPPING, STOPPED, FAILED -> false;
    };
  }

  private static Optional<Verdict> alreadyOver(Observation seen) {
    return Intent.of(seen.service()) == Intent.REST
        ? Optional.of(asBefore(seen))
        : Optional.empty();
  }

  private static Optional<Verdict> stoppedOnPurpose(Observation seen) {
    if (Intent.of(seen.service()) != Intent.STOP) {
      return Optional.empty();
    }
    var stillStopping = hasAnyPod(seen) && seen.status().phase() != Phase.STOPPED;
    return Optional.of(
        stillStopping
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
    if (seen.status().phase() == Phase.READY) { // it went away while a restart waits: told first
      return Optional.of(lost(seen, Reason.SANDBOX_LOST, ""));
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

  private static Optional<Verdict> startBegins(Observation seen) {
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

  private static Optional<Verdict> writeRefused(Observation seen) {
    return seen.refusal()
        .filter(_ -> !isServing(seen))
        .flatMap(
            refusal ->
                refusal
                    .hindrance()
                    .map(reason -> Verdict.of(Phase.STARTING, reason, refusal.subject()))
                    .map(starting -> untilTheDeadline(seen, refusal.isForGood(), starting)));
  }

  private static Optional<Verdict> sandboxMissing(Observation seen) {
    return switch (seen.sandbox()) {
      case Sandbox.Former _ -> Optional.of(starting(seen, Reason.RESTARTING));
      case Sandbox.Untaken _, Sandbox.Missed _ -> Optional.of(owed(seen));
      case Sandbox.Absent _ -> wasSeen(seen) ? replacement(seen) : Optional.of(owed(seen));
      default -> Optional.empty();
    };
  }

  /** The attempt was written down, and its pod was never made or never seen. */
  private static Verdict owed(Observation seen) {
    return switch (seen.transientSecret()) {
      case TransientSecret.Absent(String name) ->
          untilTheDeadline(
              seen, false, Verdict.of(Phase.STARTING, Reason.ENV_SECRET_NOT_FOUND, name));
      case TransientSecret.Forbidden(String name) ->
          untilTheDeadline(
              seen, false, Verdict.of(Phase.STARTING, Reason.ENV_SOURCE_REFUSED, "Secret " + name));
      case TransientSecret.Invalid(String name) ->
          Verdict.of(Phase.FAILED, Reason.ENV_SECRET_INVALID, name);
      default -> {
        var details = seen.status().readinessStatus();
        var last = details == null ? null : Reason.ofWord(details.reason());
        var refused =
            last == Reason.QUOTA_EXCEEDED || last == Reason.POD_REFUSED || last == Reason.API_ERROR;
        yield refused && Clocks.attemptIsLate(seen)
            ? new Verdict(Phase.FAILED, details.reason(), details.message())
            : starting(seen, Reason.STARTING);
      }
    };
  }

  /**
   * A lost sandbox is replaced by what a start would make now: if nothing may start, it is over,
   * and for what may yet come it waits as long as a start does.
   */
  private static Optional<Verdict> replacement(Observation seen) {
    var verdict = lost(seen, Reason.SANDBOX_LOST, "");
    if (verdict.phase() != Phase.UNHEALTHY) {
      return Optional.of(verdict);
    }
    return switch (StartCheck.of(seen)) {
      case StartCheck.Never(Reason reason, String subject) -> failed(reason, subject);
      case StartCheck.Wait(Reason reason, String subject) ->
          seen.recipe() instanceof Recipe.Unavailable || Clocks.replacementIsLate(seen)
              ? failed(reason, subject)
              : Optional.of(Verdict.of(Phase.UNHEALTHY, reason, subject));
      case StartCheck.Go _ -> Optional.of(verdict);
    };
  }

  private static Optional<Verdict> sandboxLeaving(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Leaving || seen.sandbox() instanceof Sandbox.Orphaned
        ? Optional.of(lost(seen, Reason.SANDBOX_LOST, ""))
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
    var always = seen.restartPolicy() == RestartPolicy.ALWAYS;
    if (seen.sandbox().isSupervised() && !exit.evicted() && !exit.outOfMemory()) {
      if (!seen.envArrived() && (exit.code() == NOT_FOUND || exit.code() == NOT_EXECUTABLE)) {
        return failed(Reason.CONTAINER_CANNOT_RUN, "");
      }
      if (always && seen.processId().isPresent() && exit.code() != KILLED) {
        return failed(Reason.CRASH_LOOP, exit.code()); // or the launcher would go on
      }
    }
    if (!always && exit.code() == 0 && !exit.evicted()) {
      return Optional.of(Verdict.of(Phase.STOPPED, Reason.COMPLETED));
    }
    var how =
        exit.evicted() ? Reason.EVICTED : exit.outOfMemory() ? Reason.OOM_KILLED : Reason.EXITED;
    if (always && !seen.hasTransientEnv()) {
      return Optional.of(lost(seen, how, exit.code()));
    }
    var nothingButItsEnvIsLost = how == Reason.EXITED && exit.code() == 0;
    return nothingButItsEnvIsLost ? failed(Reason.ENV_LOST, "") : failed(how, exit.code());
  }

  private static Optional<Verdict> agentRestarting(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Restarting(Sandbox.PodFacts pod, Sandbox.Exit last))) {
      return Optional.empty();
    }
    var reason = last.outOfMemory() ? Reason.OOM_KILLED : Reason.CRASH_LOOP;
    if (CrashLoop.isIn(seen, pod)) {
      return failed(reason, last.code());
    }
    return Optional.of(
        untilTheDeadline(seen, false, Verdict.of(Phase.STARTING, reason, last.code())));
  }

  private static Optional<Verdict> agentNotRunning(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Waiting(_, Reason obstacle))) {
      return Optional.empty();
    }
    if (obstacle == null) {
      return Optional.of(
          wasReady(seen)
              ? Verdict.of(Phase.UNHEALTHY, Reason.AGENT_RESTARTING)
              : starting(seen, Reason.STARTING));
    }
    var hopeless =
        switch (obstacle) {
          case INVALID_IMAGE_NAME, RUNS_AS_ROOT, CONTAINER_CANNOT_RUN -> true;
          default -> false;
        };
    return Optional.of(
        untilTheDeadline(seen, hopeless, Verdict.of(Phase.STARTING, obstacle, image(seen))));
  }

  private static Optional<Verdict> launcherRefuses(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Running && seen.heard() instanceof Heard.Refused
        ? Optional.of(lost(seen, Reason.SANDBOX_LOST, ""))
        : Optional.empty();
  }

  /** What it waits for is what a start needs, for it may have gone since. */
  private static Optional<Verdict> launcherWaits(Observation seen) {
    if (!seen.launcherWaits() || Intent.of(seen.service()) != Intent.KEEP) {
      return Optional.empty();
    }
    return Optional.of(
        switch (StartCheck.of(seen)) {
          case StartCheck.Never(Reason reason, String subject) ->
              Verdict.of(Phase.FAILED, reason, subject);
          case StartCheck.Wait(Reason reason, String subject) ->
              untilTheDeadline(seen, false, Verdict.of(Phase.STARTING, reason, subject));
          case StartCheck.Go _ ->
              Clocks.attemptIsLate(seen)
                  ? Verdict.of(Phase.FAILED, Reason.ENV_NOT_DELIVERED)
                  : Verdict.of(Phase.STARTING, Reason.STARTING);
        });
  }

  private static Optional<Verdict> agentRunning(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Running(_, boolean ready))) {
      return Optional.empty();
    }
    if (isServing(seen)) {
      return Optional.of(Verdict.of(Phase.READY, Reason.SERVING));
    }
    if (seen.heard() instanceof Heard.Agent agent
        && !agent.serving()
        && agent.lastExitCode() != null) {
      return Optional.of(
          untilTheDeadline(
              seen, false, Verdict.of(Phase.STARTING, Reason.CRASH_LOOP, agent.lastExitCode())));
    }
    var lacking =
        ready && launcherSaysServing(seen) ? Reason.ENDPOINT_NOT_READY : Reason.PROBE_FAILED;
    if (wasReady(seen)) {
      return Optional.of(Verdict.of(Phase.UNHEALTHY, lacking));
    }
    return Clocks.attemptIsLate(seen)
        ? failed(lacking, "")
        : Optional.of(Verdict.of(Phase.STARTING, Reason.STARTING));
  }

  /** The sandbox went away by itself: with transient env that is the end of it. */
  private static Verdict lost(Observation seen, Reason how, Object subject) {
    if (seen.hasTransientEnv()) {
      return Verdict.of(Phase.FAILED, Reason.ENV_LOST);
    }
    var over =
        seen.restartPolicy() == RestartPolicy.NEVER || Recovery.inARow(seen) >= Recovery.LIMIT;
    return Verdict.of(over ? Phase.FAILED : Phase.UNHEALTHY, how, subject);
  }

  /**
   * What is in the way of a start: unhealthy after it once was ready, failed when it is too late.
   */
  private static Verdict untilTheDeadline(Observation seen, boolean hopeless, Verdict starting) {
    var phase =
        hopeless
            ? Phase.FAILED
            : wasReady(seen)
                ? Phase.UNHEALTHY
                : Clocks.attemptIsLate(seen) ? Phase.FAILED : Phase.STARTING;
    return new Verdict(phase, starting.reason(), starting.message());
  }

  private static Verdict starting(Observation seen, Reason reason) {
    return Clocks.attemptIsLate(seen)
        ? Verdict.of(Phase.FAILED, Reason.START_DEADLINE_EXCEEDED)
        : Verdict.of(Phase.STARTING, reason);
  }

  private static Verdict asBefore(Observation seen) {
    var details = seen.status().readinessStatus();
    return new Verdict(seen.status().phase(), details.reason(), details.message());
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

  private static boolean isServing(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Running(_, boolean ready)
        && ready
        && seen.front() instanceof Front.Present front
        && front.serving()
        && launcherSaysServing(seen);
  }

  /**
   * A pod with a launcher is Ready while that one waits, and stays so until a probe sees the agent
   * start. So only the launcher's word makes a service ready; from then on the pod's own keeps it.
   */
  private static boolean launcherSaysServing(Observation seen) {
    return switch (seen.heard()) {
      case Heard.Agent agent -> agent.serving() && agent.processId() != null;
      case Heard.Nothing _ ->
          !seen.sandbox().isSupervised() || seen.status().phase() == Phase.READY;
      case Heard.Silence _ -> true;
      case Heard.Refused _ -> false;
    };
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
