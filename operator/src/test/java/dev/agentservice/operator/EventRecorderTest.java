package dev.agentservice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** That the API server takes these is shown by {@code EventsOnApiServerTest}. */
class EventRecorderTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");

  @Test
  void anEventSaysWhatStatusSays() {
    var event = event("uid-1", new Announcement(true, "ProbeFailed", "The check fails."));

    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getReason()).isEqualTo("ProbeFailed");
    assertThat(event.getNote()).isEqualTo("The check fails.");
    assertThat(event.getEventTime().getTime()).isEqualTo("2026-01-01T00:00:00.123456Z");
    assertThat(event.getReportingInstance()).isEqualTo("operator-0");
    assertThat(event.getRegarding().getKind()).isEqualTo("AgentService");
    assertThat(event.getRegarding().getUid()).isEqualTo("uid-1");
    assertThat(event("uid-1", new Announcement(false, "Serving", "")).getType())
        .isEqualTo("Normal");
  }

  @Test
  void theSameEventHasTheSameNameAndAnotherHasAnother() {
    var name = name("uid-1", new Announcement(true, "ProbeFailed", "It fails."));

    assertThat(name("uid-1", new Announcement(true, "ProbeFailed", "It fails."))).isEqualTo(name);
    assertThat(name("uid-2", new Announcement(true, "ProbeFailed", "It fails.")))
        .isNotEqualTo(name);
    assertThat(name("uid-1", new Announcement(true, "Exited", "It fails."))).isNotEqualTo(name);
    assertThat(name("uid-1", new Announcement(true, "ProbeFailed", "Other."))).isNotEqualTo(name);
  }

  @Test
  void toldAgainItCountsUp() {
    var later = new MicroTime("2026-01-01T00:01:00.000000Z");
    var event = event("uid-1", new Announcement(false, "Serving", ""));

    assertThat(EventRecorder.again(event, later).getCount()).isEqualTo(2);
    event.setSeries(EventRecorder.again(event, event.getEventTime()));
    assertThat(EventRecorder.again(event, later).getCount()).isEqualTo(3);
    assertThat(EventRecorder.again(event, later).getLastObservedTime()).isEqualTo(later);
  }

  @Test
  void aLongNoteIsCutToWhatTheApiServerTakes() {
    var note = event("uid-1", new Announcement(true, "EnvNotAllowed", "N".repeat(2000))).getNote();

    assertThat(note).hasSize(1024).endsWith("...");
  }

  private static String name(String uid, Announcement announcement) {
    return event(uid, announcement).getMetadata().getName();
  }

  private static Event event(String uid, Announcement announcement) {
    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder().withNamespace("tenant").withName("shop").withUid(uid).build());
    return EventRecorder.event(service, announcement, "operator-0", NOW);
  }
}
