package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StartClockTest {

  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>();
  private final StartClock clock =
      new StartClock(((InstantSource) now::get).withZone(ZoneOffset.UTC));

  @Test
  void countsFromTheMomentAFreshServiceWasSeen() {
    at(700);
    clock.seen(service(null));
    at(950);
    assertThat(clock.running(service(1))).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void countsFromCreationWhereNobodyLookedForASecond() {
    at(1700);
    clock.seen(service(null));
    at(2000);
    assertThat(clock.running(service(1))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aLaterAttemptCountsFromItsOwnBeginning() {
    at(700);
    clock.seen(service(null));
    clock.ended(service(1));
    at(60_250);
    clock.begin(service(2));
    at(60_500);
    assertThat(clock.running(service(2))).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void whatAnotherOperatorBeganCountsInWholeSeconds() {
    at(60_500);
    assertThat(clock.running(service(2))).isEqualTo(Duration.ofMillis(500));
    assertThat(clock.running(service(1))).isEqualTo(Duration.ofMillis(60_500));
  }

  @Test
  void aClockBehindTheApiServersGivesNoNegativeTime() {
    at(-300);
    assertThat(clock.running(service(1))).isZero();
  }

  private void at(long millisecondsAfterCreation) {
    now.set(CREATED.plusMillis(millisecondsAfterCreation));
  }

  /** Its second attempt began a minute after it was created. */
  private static AgentService service(Integer attempt) {
    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder().withUid("u").withCreationTimestamp(CREATED.toString()).build());
    service.setStatus(
        AgentServiceStatusBuilder.builder()
            .attempt(attempt)
            .attemptStartedAt(CREATED.plusSeconds(60).toString())
            .build());
    return service;
  }
}
