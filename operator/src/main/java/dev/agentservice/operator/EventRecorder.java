package dev.agentservice.operator;

import dev.agentservice.v1alpha1.Base32Digest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventSeries;
import io.fabric8.kubernetes.api.model.events.v1.EventSeriesBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events (events.k8s.io/v1), beside the passes and never in their way: what cannot be
 * written, or not in time, is dropped. The same event again counts up in its {@code series}. An
 * event's name follows from what it says, so that holds across a restart of the operator.
 */
public final class EventRecorder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

  private static final String CONTROLLER = "agentservice.dev/operator";
  private static final String ACTION = "Reconcile";
  private static final int LONGEST_NOTE = 1024; // bytes: k8s.io/kubernetes/pkg/apis/core/validation
  private static final int NAME_DIGITS = 16;
  private static final int QUEUE = 4096;

  /** What an event tells of is still being done: the API server's time is for that first. */
  private static final Duration LATER = Duration.ofMillis(500);

  private static final Duration DRAIN = Duration.ofSeconds(5);

  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final String instance;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor writer =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform().name("events").daemon().factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  /**
   * @param instance which replica reports
   */
  public EventRecorder(KubernetesClient client, String instance, Clock clock) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
  }

  /** Tells of {@code announcement} about {@code regarding}, soon. */
  public void record(HasMetadata regarding, Announcement announcement) {
    if (writer.getQueue().size() < QUEUE) {
      var event = event(regarding, announcement, instance, clock.instant());
      var _ = writer.schedule(() -> write(event), LATER.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Gives what was announced a moment to be written. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Event event(
      HasMetadata regarding, Announcement announcement, String instance, Instant now) {
    var object = regarding.getMetadata();
    return new EventBuilder()
        .withNewMetadata()
        .withNamespace(object.getNamespace())
        .withName(object.getName() + "." + digest(object.getUid(), announcement))
        .endMetadata()
        .withRegarding(
            new ObjectReferenceBuilder()
                .withApiVersion(regarding.getApiVersion())
                .withKind(regarding.getKind())
                .withNamespace(object.getNamespace())
                .withName(object.getName())
                .withUid(object.getUid())
                .withResourceVersion(object.getResourceVersion())
                .build())
        .withType(announcement.trouble() ? "Warning" : "Normal")
        .withReason(announcement.reason())
        .withNote(shortened(announcement.note()))
        .withAction(ACTION)
        .withEventTime(new MicroTime(MICROSECONDS.format(now)))
        .withReportingController(CONTROLLER)
        .withReportingInstance(instance)
        .build();
  }

  /** How often {@code before} was told, with this once more. */
  static EventSeries again(Event before, MicroTime now) {
    var told = before.getSeries() == null ? 1 : before.getSeries().getCount();
    return new EventSeriesBuilder().withCount(told + 1).withLastObservedTime(now).build();
  }

  private void write(Event event) {
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        countUp(event);
      } else {
        dropped(e);
      }
    }
  }

  private void countUp(Event event) {
    try {
      var before = client.resource(event).get();
      if (before != null) {
        var series = Map.of("series", again(before, event.getEventTime()));
        client
            .resource(event)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                client.getKubernetesSerialization().asJson(series));
      }
    } catch (KubernetesClientException e) {
      dropped(e);
    }
  }

  /** Not worth more: an event tells what status shows, too. */
  private static void dropped(KubernetesClientException e) {
    LOG.debug("an event was not written: HTTP {}", e.getCode());
  }

  private static String digest(String uid, Announcement announcement) {
    return Base32Digest.of(
        String.join(
            "/",
            uid,
            Boolean.toString(announcement.trouble()),
            announcement.reason(),
            announcement.note()),
        NAME_DIGITS);
  }

  /** Our sentences are ASCII but for the names in them, which are, too. */
  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 3) + "...";
  }
}
