package dev.agentservice.e2e;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    assertThat(Tenant.outcome(service)).isEqualTo(phase + " " + reason);
    var status = service.getStatus();
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

  /** Whether the table of troubleshooting has it; there an ellipsis is what a sentence is about. */
  boolean isDocumented() {
    try (var lines = Files.lines(Repository.ROOT.resolve("docs/troubleshooting.md"))) {
      return lines
          .map(line -> line.split(" *\\| *", -1))
          .filter(cells -> cells.length > 3 && cells[2].equals("`" + reason + "`"))
          .anyMatch(
              cells ->
                  List.of(cells[1].split(", ", -1)).contains(phase)
                      && sentence.matches(pattern(cells[3])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pattern(String documented) {
    return Stream.of(documented.split("…", -1)).map(Pattern::quote).collect(joining(".+"));
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
