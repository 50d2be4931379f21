package dev.agentservice.operator.deployment;

import static dev.agentservice.operator.deployment.Seen.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CountsPaceTest {

  private final CountsPace pace = new CountsPace();
  private final Seen seen = Seen.deployment("a");

  @Test
  void theFirstIsWrittenAtOnce() {
    assertThat(untilNextWrite(0)).isZero();
  }

  @Test
  void theNextNotWithinFiveSeconds() {
    pace.wrote(seen.observation().deployment(), List.of("a"), NOW, Optional.empty());

    assertThat(untilNextWrite(0)).isEqualTo(Duration.ofSeconds(5));
    assertThat(untilNextWrite(4)).isEqualTo(Duration.ofSeconds(1));
    assertThat(untilNextWrite(5).isPositive()).isFalse();
    assertThat(untilNextWrite(500).isPositive()).isFalse();
  }

  @Test
  void butWhatIsNewBesideTheCountsIsLookedAtAtOnce() {
    var deployment = seen.observation().deployment();
    pace.wrote(deployment, List.of("a"), NOW, Optional.empty());

    assertThat(pace.untilNextCount(deployment, List.of("a"), NOW)).isEqualTo(Duration.ofSeconds(5));
    assertThat(pace.untilNextCount(deployment, List.of("b"), NOW)).isZero();
  }

  @Test
  void whatIsDueBeforeIsLookedAtInTime() {
    var deployment = seen.observation().deployment();
    pace.wrote(deployment, List.of("a"), NOW, Optional.of(Duration.ofSeconds(2)));

    assertThat(pace.untilNextCount(deployment, List.of("a"), NOW)).isEqualTo(Duration.ofSeconds(2));
    assertThat(pace.untilNextCount(deployment, List.of("a"), NOW.plusSeconds(2))).isZero();
  }

  @Test
  void whatHoldsNothingUpIsForgottenWithTheNextWrite() {
    pace.wrote(seen.observation().deployment(), List.of("a"), NOW, Optional.empty());
    var other = Seen.deployment("b").observation().deployment();
    other.getMetadata().setUid("another");

    pace.wrote(other, List.of("b"), NOW.plusSeconds(5), Optional.empty());

    assertThat(untilNextWrite(0)).isZero();
    assertThat(pace.untilNextWrite(other, NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
  }

  private Duration untilNextWrite(int second) {
    return pace.untilNextWrite(seen.observation().deployment(), NOW.plusSeconds(second));
  }
}
