package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RulesTest {

  private static final Set<Reason> IN_CONDITIONS_ONLY =
      Set.of(Reason.RESTART_GIVEN_UP, Reason.SECRET_NOT_DELETED);

  static List<Situations.Row> situations() {
    return Situations.all();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void verdict(Situations.Row row) {
    assertThat(row.situation().verdict()).as(row.what()).isEqualTo(row.verdict());
  }

  @Test
  void everyRowIsToldApartByItsName() {
    assertThat(situations()).extracting(Situations.Row::what).doesNotHaveDuplicates();
  }

  @Test
  void everyReasonThatAServiceCanHaveIsMet() {
    assertThat(situations())
        .extracting(row -> row.verdict().split(" ", -1)[1])
        .contains(
            List.of(Reason.values()).stream()
                .filter(reason -> !IN_CONDITIONS_ONLY.contains(reason))
                .map(Reason::word)
                .toArray(String[]::new));
  }

  @Test
  void aSentenceNamesItsSubject() {
    var verdict = Rules.verdict(Situation.starting().waiting(Reason.INVALID_IMAGE_NAME).seen());

    assertThat(verdict.message()).isEqualTo("The image name registry.example/echo:1 is not valid.");
  }
}
