package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;

/** What a service's author wants of it now, given what already came of it. */
enum Intent {
  /** A new attempt, as soon as what it needs is there. */
  START,
  /** The current attempt goes on. */
  KEEP,
  /** No sandbox. */
  STOP,
  /** It is over and nothing new was asked for. */
  REST;

  static Intent of(AgentService service) {
    var spec = service.getSpec();
    var status = Observation.statusOf(service);
    var stopWanted = spec.desiredState() == DesiredState.STOPPED;
    return switch (status.phase()) {
      case FAILED -> {
        var wanted = restartAsked(spec, status) || healsByItself(status);
        var isDuplicate = because(status, Reason.DUPLICATE_IDEMPOTENCY_KEY);
        yield wanted && !stopWanted && !isDuplicate ? START : REST;
      }
      case STOPPED -> {
        if (stopWanted) {
          yield STOP;
        }
        yield restartAsked(spec, status) || because(status, Reason.STOPPED) ? START : REST;
      }
      case STOPPING -> stopWanted ? STOP : START;
      case STARTING, READY, UNHEALTHY -> {
        if (stopWanted) {
          yield STOP;
        }
        yield neverStarted(status) || restartAsked(spec, status) || startIsPending(status)
            ? START
            : KEEP;
      }
    };
  }

  /** A restartId that is new; the first one ever, and its removal, ask for nothing. */
  private static boolean restartAsked(AgentServiceSpec spec, AgentServiceStatus status) {
    return spec.restartId() != null
        && status.restartId() != null
        && !spec.restartId().equals(status.restartId());
  }

  /**
   * A start was wanted and found waiting, and there is no agent to go on with: what it waits for is
   * why it is starting. A sandbox of the attempt before may still be leaving.
   */
  static boolean startIsPending(AgentServiceStatus status) {
    return status.phase() == Phase.STARTING
        && status.readinessStatus() != null
        && ConditionWriter.find(status.conditions(), Conditions.START_PENDING)
            .filter(pending -> pending.getStatus().equals(ConditionWriter.TRUE))
            .filter(pending -> pending.getReason().equals(status.readinessStatus().reason()))
            .isPresent();
  }

  private static boolean healsByItself(AgentServiceStatus status) {
    var reason = reason(status);
    return neverStarted(status) && reason != null && reason.healsByItself();
  }

  private static boolean neverStarted(AgentServiceStatus status) {
    return status.attempt() == null;
  }

  private static boolean because(AgentServiceStatus status, Reason reason) {
    return reason(status) == reason;
  }

  private static Reason reason(AgentServiceStatus status) {
    return status.readinessStatus() == null
        ? null
        : Reason.ofWord(status.readinessStatus().reason());
  }
}
