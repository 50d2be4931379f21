package dev.agentservice.operator.service;

import dev.agentservice.operator.Announcement;
import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which transitions of a service its users are told of. */
final class Announcements {

  private Announcements() {}

  /**
   * What is new in {@code now}.
   *
   * @param before the status as it was; null where there was none
   */
  static List<Announcement> between(AgentServiceStatus before, AgentServiceStatus now) {
    var told = new ArrayList<Announcement>();
    if (before == null || !phaseAndReason(before).equals(phaseAndReason(now))) {
      told.add(ofPhase(now));
    }
    var pending = startPending(now);
    if (!pending.map(Announcements::word).equals(startPending(before).map(Announcements::word))) {
      pending.map(Announcements::ofCondition).ifPresent(told::add);
    }
    return told;
  }

  private static Announcement ofPhase(AgentServiceStatus status) {
    var details = status.readinessStatus();
    var reason = Reason.ofWord(details.reason());
    var trouble =
        status.phase() == Phase.UNHEALTHY
            || status.phase() == Phase.FAILED
            || (reason != null && reason.isTrouble());
    return new Announcement(trouble, details.reason(), details.message());
  }

  /** A start that waits beside a running agent, or was given up, shows in no phase. */
  private static Announcement ofCondition(Condition pending) {
    return new Announcement(true, pending.getReason(), pending.getMessage());
  }

  private static List<String> phaseAndReason(AgentServiceStatus status) {
    var details = status.readinessStatus();
    return List.of(status.phase().word(), details == null ? "" : details.reason());
  }

  /** Where no agent runs meanwhile, the phase itself has that reason. */
  private static Optional<Condition> startPending(AgentServiceStatus status) {
    return status == null
        ? Optional.empty()
        : ConditionWriter.find(status.conditions(), Conditions.START_PENDING)
            .filter(pending -> !phaseAndReason(status).contains(pending.getReason()));
  }

  private static String word(Condition condition) {
    return condition.getReason();
  }
}
