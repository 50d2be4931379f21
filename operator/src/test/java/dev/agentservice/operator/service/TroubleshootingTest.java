package dev.agentservice.operator.service;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table in docs/troubleshooting.md is what the code says: every reason, in the phases in which
 * a service can have it. With {@code -Ddocs.write} it is written, not compared.
 */
class TroubleshootingTest {

  private static final Path PAGE = Path.of("..", "docs", "troubleshooting.md");
  private static final Comparator<String> BY_PLACE_IN_LIFE =
      Comparator.comparing(
          word -> Arrays.stream(Phase.values()).map(Phase::word).toList().indexOf(word));

  private static final String END_OF_PROSE = "of its tests. -->\n";

  @Test
  void everyReasonIsExplained() throws IOException {
    var page = Files.readString(PAGE);
    var prose = page.substring(0, page.indexOf(END_OF_PROSE) + END_OF_PROSE.length());
    var current = prose + "\n" + table();
    if (System.getProperty("docs.write") != null) {
      Files.writeString(PAGE, current);
    }

    assertThat(PAGE).as("run `make docs` and commit it").hasContent(current);
  }

  private static String table() {
    return Arrays.stream(Reason.values())
        .map(TroubleshootingTest::line)
        .collect(
            joining(
                "\n",
                "| phase | reason | what it means | what to do |\n| --- | --- | --- | --- |\n",
                "\n"));
  }

  private static String line(Reason reason) {
    var heals =
        reason.healsByItself()
            ? " One that failed before it ever had a sandbox starts by itself once that is mended."
            : "";
    return "| %s | `%s` | %s | %s%s |"
        .formatted(
            String.join(", ", phases(reason)),
            reason.word(),
            reason.sentence("…"),
            reason.cure(),
            heals);
  }

  private static List<String> phases(Reason reason) {
    return switch (reason) {
      case RESTART_GIVEN_UP -> List.of("(condition `" + Conditions.START_PENDING + "`)");
      case SECRET_NOT_DELETED -> List.of("(condition `" + Conditions.ENV_INJECTED + "`)");
      default -> List.copyOf(met(reason));
    };
  }

  private static Set<String> met(Reason reason) {
    return Situations.all().stream()
        .map(row -> row.verdict().split(" ", -1))
        .filter(words -> words[1].equals(reason.word()))
        .map(words -> words[0])
        .collect(Collectors.toCollection(() -> new TreeSet<>(BY_PLACE_IN_LIFE)));
  }
}
