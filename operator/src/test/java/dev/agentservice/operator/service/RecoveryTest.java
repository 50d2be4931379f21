package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.START;
import static dev.agentservice.operator.service.Situation.starting;
import static dev.agentservice.operator.service.Situation.unhealthy;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryTest {

  /** The sandbox was lost at second 30. */
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 5", "2, 10", "3, 20", "4, 40", "5, 80", "7, 300", "1000, 300"})
  void waitsTwiceAsLongEachTime(int lossesBefore, int seconds) {
    var lost = unhealthy().readySince(29).recoveries(lossesBefore).lostAt(30).gone().seen();

    assertThat(Duration.between(START.plusSeconds(30), Recovery.dueAt(lost)).toSeconds())
        .isEqualTo(seconds);
  }

  @Test
  void isTheSameWheneverItIsAsked() {
    var lost = unhealthy().recoveries(3).lostAt(30).gone();

    assertThat(Recovery.dueAt(lost.at(31).seen())).isEqualTo(Recovery.dueAt(lost.at(44).seen()));
  }

  @ParameterizedTest
  @CsvSource({"629, 4", "630, 0"})
  void aSandboxThatServedTenMinutesEndsTheRow(long lostAt, int inARow) {
    var lost = Situation.ready().readySince(30).recoveries(4).gone().at(lostAt).seen();

    assertThat(Recovery.inARow(lost)).isEqualTo(inARow);
  }

  @Test
  void givesUpAfterSixInARow() {
    assertThat(unhealthy().recoveries(5).gone().verdict()).isEqualTo("unhealthy SandboxLost");
    assertThat(unhealthy().recoveries(6).gone().verdict()).isEqualTo("failed SandboxLost");
  }

  /** Ready has been false since the replacement was begun, but the loss is at second 90. */
  @Test
  void waitsFromTheLossOfAReplacementThatNeverGotReady() {
    var lost = starting().recoveries(3).gone().at(90);
    var reported = lost.status(_ -> ServiceStatus.of(lost.seen()));

    assertThat(Recovery.dueAt(reported.seen())).isEqualTo(START.plusSeconds(110));
  }

  /** Ready has been false for an hour because of the probe; then the sandbox is lost. */
  @Test
  void waitsFromTheLossOfASandboxThatWasUnhealthyLong() {
    var lost = unhealthy().readySince(3_599).recoveries(3).gone().at(3_600);
    var reported = lost.status(_ -> ServiceStatus.of(lost.seen()));

    assertThat(Recovery.dueAt(reported.seen())).isEqualTo(START.plusSeconds(3_620));
  }
}
