package dev.agentservice.operator.service;

import dev.agentservice.operator.Recent;
import dev.agentservice.v1alpha1.AgentService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * How long starts have been under way, in fractions of a second: the times of metadata and status
 * are whole seconds. What this operator did not see begin is measured by those.
 */
final class StartClock {

  /** More at a time are measured in whole seconds: those that end while starting stay in here. */
  private static final int CAPACITY = 4096;

  private final Clock clock;
  private final Map<String, Instant> began = new Recent<>(CAPACITY);

  StartClock(Clock clock) {
    this.clock = clock;
  }

  /** A new service was looked at; it was created a moment ago, or while nobody looked. */
  synchronized void seen(AgentService service) {
    var now = clock.instant();
    var created = Instant.parse(service.getMetadata().getCreationTimestamp());
    var isFresh = now.isBefore(created.plusSeconds(1));
    began.putIfAbsent(uid(service), isFresh ? now : created);
  }

  /** An attempt begins. The service's first has begun with the service. */
  synchronized void begin(AgentService service) {
    if (service.getStatus().attempt() > 1) {
      began.put(uid(service), clock.instant());
    }
  }

  synchronized Duration running(AgentService service) {
    var since = began.get(uid(service));
    var elapsed = Duration.between(since != null ? since : recorded(service), clock.instant());
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }

  synchronized void ended(AgentService service) {
    began.remove(uid(service));
  }

  private static Instant recorded(AgentService service) {
    var status = service.getStatus();
    return Instant.parse(
        status.attempt() != null && status.attempt() > 1
            ? status.attemptStartedAt()
            : service.getMetadata().getCreationTimestamp());
  }

  private static String uid(AgentService service) {
    return service.getMetadata().getUid();
  }
}
