package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReasonTest {

  @ParameterizedTest
  @EnumSource
  void hasAWordASentenceAndACure(Reason reason) {
    // what conditions and events take as a reason, and short enough for a metrics label
    assertThat(reason.word()).matches("[A-Z][A-Za-z]{2,40}");
    assertThat(reason.sentence("it")).endsWith(".").doesNotContain("%");
    assertThat(reason.cure()).endsWith(".").doesNotContain("%");
    assertThat(Reason.ofWord(reason.word())).isEqualTo(reason);
  }

  @Test
  void wordsAndSentencesAreUnique() {
    assertThat(List.of(Reason.values())).extracting(Reason::word).doesNotHaveDuplicates();
    assertThat(List.of(Reason.values()))
        .extracting(reason -> reason.sentence("it"))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void takesAnySubjectButNotAsAFormat(Reason reason) {
    assertThat(reason.sentence("100%s")).isNotBlank();
    assertThat(reason.sentence(137)).isNotBlank();
    assertThat(reason.sentence("x".repeat(10_000))).hasSizeLessThan(2048);
  }

  @Test
  void anUnknownWordIsNoReason() {
    assertThat(Reason.ofWord("FromTomorrow")).isNull();
    assertThat(Reason.ofWord(null)).isNull();
  }

  /** §2 of the design; a key, a ConfigMap and a right that are missing are of the same kind. */
  @Test
  void onlyWhatIsMissingHealsByItself() {
    assertThat(List.of(Reason.values()).stream().filter(Reason::healsByItself))
        .containsExactlyInAnyOrder(
            Reason.DEPLOYMENT_NOT_FOUND,
            Reason.DEPLOYMENT_NOT_READY,
            Reason.VERSION_NOT_FOUND,
            Reason.ENV_SECRET_NOT_FOUND,
            Reason.ENV_CONFIG_MAP_NOT_FOUND,
            Reason.ENV_KEY_NOT_FOUND,
            Reason.ENV_SOURCE_REFUSED);
  }
}
