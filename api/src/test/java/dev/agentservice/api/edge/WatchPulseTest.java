package dev.agentservice.api.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.client.Watcher.Action;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WatchPulseTest {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final WatchPulse pulse = new WatchPulse(null, "", () -> now);

  @Test
  void nothingHeardYetIsSilence() {
    assertThat(pulse.isAlive()).isFalse();
  }

  @Test
  void bookmarksKeepItAliveAndTwoThatDoNotComeEndIt() {
    pulse.eventReceived(Action.BOOKMARK, new AgentService());
    later(119);
    assertThat(pulse.isAlive()).isTrue();
    later(1);
    assertThat(pulse.isAlive()).isFalse();
    pulse.eventReceived(Action.BOOKMARK, new AgentService());
    assertThat(pulse.isAlive()).isTrue();
  }

  private void later(int seconds) {
    now = now.plus(Duration.ofSeconds(seconds));
  }
}
