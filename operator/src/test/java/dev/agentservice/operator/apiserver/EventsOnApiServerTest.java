package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.operator.Announcement;
import dev.agentservice.operator.EventRecorder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events as the API server takes them. */
@OnApiServer
class EventsOnApiServerTest {

  private static final Announcement NEWS =
      new Announcement(true, "ProbeFailed", "The check fails.");

  @Test
  void theSameEventCountsUp(ControlPlane plane) {
    var tenant = Tenant.in(plane);
    tenant.applyService("s", spec -> spec);
    var service = tenant.service("s");
    try (var recorder = new EventRecorder(plane.client(), "operator-0", Clock.systemUTC())) {
      recorder.record(service, NEWS);
      recorder.record(service, NEWS);
      recorder.record(service, new Announcement(false, "Serving", "It serves."));
    }
    try (var successor = new EventRecorder(plane.client(), "operator-1", Clock.systemUTC())) {
      successor.record(service, NEWS);
    }

    await().until(() -> events(plane.client(), tenant).size() == 2);
    assertThat(events(plane.client(), tenant))
        .extracting(event -> event.getType() + " " + event.getReason() + " x" + times(event))
        .containsExactlyInAnyOrder("Warning ProbeFailed x3", "Normal Serving x1");
  }

  @Test
  void whatCannotBeWrittenIsDropped(ControlPlane plane) {
    var tenant = Tenant.in(plane);
    tenant.applyService("s", spec -> spec);
    var elsewhere = tenant.service("s");
    elsewhere.getMetadata().setNamespace("no-such-namespace");
    try (var recorder = new EventRecorder(plane.client(), "operator-0", Clock.systemUTC())) {
      recorder.record(elsewhere, NEWS);
      recorder.record(tenant.service("s"), NEWS);
    }

    assertThat(events(plane.client(), tenant)).hasSize(1);
  }

  private static int times(Event event) {
    return event.getSeries() == null ? 1 : event.getSeries().getCount();
  }

  private static List<Event> events(KubernetesClient client, Tenant tenant) {
    return client.events().v1().events().inNamespace(tenant.namespace()).list().getItems();
  }
}
