package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.RestartPolicy;
import java.util.Optional;

/** Where the sandbox is there: what the agent in it does, and what keeps it from running. */
final class AgentRules {

  /** With these a launcher ends, as a shell does, that cannot execute the command. */
  private static final int NOT_EXECUTABLE = 126;

  private static final int NOT_FOUND = 127;

  /** By SIGKILL, which a launcher does not survive either. */
  private static final int KILLED = 137;

  private AgentRules() {}

  static Optional<Verdict> agentExited(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Ended(_, Sandbox.Exit exit))) {
      return Optional.empty();
    }
    var always = seen.restartPolicy() == RestartPolicy.ALWAYS;
    if (seen.sandbox().isSupervised() && !exit.evicted() && !exit.outOfMemory()) {
      if (!seen.envArrived() && (exit.code() == NOT_FOUND || exit.code() == NOT_EXECUTABLE)) {
        return Verdict.failed(Reason.CONTAINER_CANNOT_RUN, "");
      }
      if (always && seen.processId().isPresent() && exit.code() != KILLED) {
        return Verdict.failed(Reason.CRASH_LOOP, exit.code()); // or the launcher would go on
      }
    }
    if (!always && exit.code() == 0 && !exit.evicted()) {
      return Optional.of(Verdict.of(Phase.STOPPED, Reason.COMPLETED));
    }
    var how =
        exit.evicted() ? Reason.EVICTED : exit.outOfMemory() ? Reason.OOM_KILLED : Reason.EXITED;
    if (always && !seen.hasTransientEnv()) {
      return Optional.of(Patience.lost(seen, how, exit.code()));
    }
    var nothingButItsEnvIsLost = how == Reason.EXITED && exit.code() == 0;
    return nothingButItsEnvIsLost
        ? Verdict.failed(Reason.ENV_LOST, "")
        : Verdict.failed(how, exit.code());
  }

  static Optional<Verdict> agentRestarting(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Restarting(Sandbox.PodFacts pod, Sandbox.Exit last))) {
      return Optional.empty();
    }
    var reason = last.outOfMemory() ? Reason.OOM_KILLED : Reason.CRASH_LOOP;
    if (CrashLoop.isIn(seen, pod)) {
      return Verdict.failed(reason, last.code());
    }
    return Optional.of(
        Patience.untilTheDeadline(seen, false, Verdict.of(Phase.STARTING, reason, last.code())));
  }

  static Optional<Verdict> agentNotRunning(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Waiting(_, Reason obstacle))) {
      return Optional.empty();
    }
    if (obstacle == null) {
      return Optional.of(
          seen.wasReady()
              ? Verdict.of(Phase.UNHEALTHY, Reason.AGENT_RESTARTING)
              : Patience.starting(seen, Reason.STARTING));
    }
    var hopeless =
        switch (obstacle) {
          case INVALID_IMAGE_NAME, RUNS_AS_ROOT, CONTAINER_CANNOT_RUN -> true;
          default -> false;
        };
    return Optional.of(
        Patience.untilTheDeadline(
            seen, hopeless, Verdict.of(Phase.STARTING, obstacle, image(seen))));
  }

  static Optional<Verdict> launcherRefuses(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Running && seen.heard() instanceof Heard.Refused
        ? Optional.of(Patience.lost(seen, Reason.SANDBOX_LOST, ""))
        : Optional.empty();
  }

  /** What it waits for is what a start needs, for it may have gone since. */
  static Optional<Verdict> launcherWaits(Observation seen) {
    if (!seen.launcherWaits() || Intent.of(seen.service()) != Intent.KEEP) {
      return Optional.empty();
    }
    return Optional.of(
        switch (StartCheck.of(seen)) {
          case StartCheck.Never(Reason reason, String subject) ->
              Verdict.of(Phase.FAILED, reason, subject);
          case StartCheck.Wait(Reason reason, String subject) ->
              Verdict.of(
                  Clocks.attemptIsLate(seen) ? Phase.FAILED : Phase.STARTING, reason, subject);
          case StartCheck.Go _ ->
              Clocks.attemptIsLate(seen)
                  ? Verdict.of(Phase.FAILED, Reason.ENV_NOT_DELIVERED)
                  : Verdict.of(Phase.STARTING, Reason.STARTING);
        });
  }

  static Optional<Verdict> agentRunning(Observation seen) {
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
          Patience.untilTheDeadline(
              seen, false, Verdict.of(Phase.STARTING, Reason.CRASH_LOOP, agent.lastExitCode())));
    }
    var lacking =
        ready && launcherSaysServing(seen) ? Reason.ENDPOINT_NOT_READY : Reason.PROBE_FAILED;
    if (seen.wasReady()) {
      return Optional.of(Verdict.of(Phase.UNHEALTHY, lacking));
    }
    return Clocks.attemptIsLate(seen)
        ? Verdict.failed(lacking, "")
        : Optional.of(Verdict.of(Phase.STARTING, Reason.STARTING));
  }

  /** Whether traffic flows to an agent. */
  static boolean isServing(Observation seen) {
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

  private static Object image(Observation seen) {
    return seen.recipe() instanceof Recipe.Found found ? found.template().image() : "";
  }
}
