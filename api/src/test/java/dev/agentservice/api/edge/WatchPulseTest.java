package dev.agentservice.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchPulseTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final WatchPulse pulse = new WatchPulse();

  @Test
  void nothingHeardYetIsSilence() {
    assertThat(pulse.isAlive(START)).isFalse();
    pulse.listen(List.of("", "5"), START);
    assertThat(pulse.isAlive(START)).isFalse();
  }

  @Test
  void bookmarksKeepItAlive() {
    pulse.listen(List.of("5"), START);
    pulse.listen(List.of("9"), START.plusSeconds(60));
    assertThat(pulse.isAlive(START.plusSeconds(179))).isTrue();
  }

  @Test
  void aVersionThatStandsStillIsADeafWatch() {
    pulse.listen(List.of("5"), START);
    pulse.listen(List.of("5"), START.plusSeconds(119));
    assertThat(pulse.isAlive(START.plusSeconds(119))).isTrue();
    pulse.listen(List.of("5"), START.plusSeconds(120));
    assertThat(pulse.isAlive(START.plusSeconds(120))).isFalse();
    pulse.listen(List.of("6"), START.plusSeconds(125));
    assertThat(pulse.isAlive(START.plusSeconds(125))).isTrue();
  }

  @Test
  void oneDeafWatchOfSeveralIsEnough() {
    pulse.listen(List.of("5", "5"), START);
    pulse.listen(List.of("9", "5"), START.plusSeconds(119));
    assertThat(pulse.isAlive(START.plusSeconds(120))).isFalse();
  }
}
