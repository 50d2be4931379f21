package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.assertj.core.groups.Tuple;

/** Where a service is and why, which every part of its status has to say alike. */
record Outcome(String phase, String reason, String sentence) {

  static final Outcome READY =
      new Outcome("ready", "Serving", "The agent is ready and reachable through its Service.");

  static Outcome starting(String reason, String sentence) {
    return new Outcome("starting", reason, sentence);
  }

  static Outcome unhealthy(String reason, String sentence) {
    return new Outcome("unhealthy", reason, sentence);
  }

  static Outcome failed(String reason, String sentence) {
    return new Outcome("failed", reason, sentence);
  }

  static Outcome stopped(String reason, String sentence) {
    return new Outcome("stopped", reason, sentence);
  }

  void isThatOf(AgentService service) {
    var status = service.getStatus();
    assertThat(status.phase().word()).isEqualTo(phase);
    assertThat(status.readinessStatus().reason()).isEqualTo(reason);
    assertThat(status.readinessStatus().message()).isEqualTo(sentence);
    assertThat(status.failureReason())
        .isEqualTo(
            List.of("failed", "unhealthy").contains(phase) ? reason + ": " + sentence : null);
    assertThat(status.observedGeneration()).isEqualTo(service.getMetadata().getGeneration());
    assertThat(status.conditions())
        .filteredOn(
            condition -> List.of("Ready", "Reconciling", "Stalled").contains(condition.getType()))
        .extracting(
            Condition::getType, Condition::getStatus, Condition::getReason, Condition::getMessage)
        .containsExactlyInAnyOrderElementsOf(conditions());
  }

  /** What tools that know kstatus go by. */
  private List<Tuple> conditions() {
    return switch (phase) {
      case "ready" -> List.of(condition("Ready", "True"));
      case "failed" -> List.of(condition("Ready", "False"), condition("Stalled", "True"));
      case "stopped" -> List.of();
      default -> List.of(condition("Ready", "False"), condition("Reconciling", "True"));
    };
  }

  private Tuple condition(String type, String status) {
    return tuple(type, status, reason, sentence);
  }

  @Override
  public String toString() {
    return "%s · %s · %s".formatted(phase, reason, sentence);
  }
}
