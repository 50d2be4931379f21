package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Every moment at which a service changes by itself, computed from its record and nothing else. */
final class Clocks {

  /**
   * How long the small steps of a start (scheduled, running) stay unwritten: an ordinary start then
   * costs two status writes, and a slow one still shows how far it got.
   */
  private static final Duration QUIET_START = Duration.ofSeconds(3);

  /** When a late copy of a consumed Secret is looked for, after the injection. */
  private static final Duration SWEEP_AFTER = Duration.ofMinutes(10);

  private static final Duration POLL_AT_LEAST = Duration.ofSeconds(1);
  private static final Duration POLL_AT_MOST = Duration.ofSeconds(60);
  private static final Duration RETRY_REFUSED_POD = Duration.ofSeconds(5);

  private Clocks() {}

  /** When the start that is under way, or wanted, is given up. */
  static Instant startDeadline(Observation seen) {
    return startBegan(seen).plusSeconds(seen.startTimeoutSeconds());
  }

  static boolean startIsLate(Observation seen) {
    return !seen.now().isBefore(startDeadline(seen));
  }

  /** Whether the current attempt is so young that its small steps are not written yet. */
  static boolean startIsQuiet(Observation seen) {
    return seen.wasStarted()
        && seen.now().isBefore(Instant.parse(seen.status().attemptStartedAt()).plus(QUIET_START));
  }

  static boolean sweepIsDue(Observation seen) {
    return sweepAt(seen.status()).filter(at -> !seen.now().isBefore(at)).isPresent();
  }

  /** How long until this service has to be looked at again, if no event comes before. */
  static Optional<Duration> untilNextLook(Observation seen, Verdict verdict) {
    var next = Optional.<Instant>empty();
    if (Intent.of(seen.service()) == Intent.START && seen.recipe() instanceof Recipe.Found) {
      next = earlier(next, seen.now().plus(pollInterval(seen)));
    }
    if (seen.sandbox() instanceof Sandbox.Refused) {
      next = earlier(next, seen.now().plus(RETRY_REFUSED_POD));
    }
    if (verdict.phase() == Phase.STARTING) {
      next = earlier(next, startDeadline(seen));
      if (startIsQuiet(seen)) {
        next = earlier(next, Instant.parse(seen.status().attemptStartedAt()).plus(QUIET_START));
      }
    }
    if (Plan.releaseIsDue(seen, verdict)) {
      next = Optional.of(seen.now());
    }
    if (Plan.recoveryIsOwed(seen, verdict)) {
      next = earlier(next, Recovery.dueAt(seen));
    }
    var sweep = verdict.isOver() ? Optional.<Instant>empty() : sweepAt(seen.status());
    if (sweep.isPresent()) {
      next = earlier(next, sweep.get());
    }
    return next.map(at -> Duration.between(seen.now(), at)).map(Clocks::notNegative);
  }

  private static Instant startBegan(Observation seen) {
    if (!seen.wasStarted()) {
      return Instant.parse(seen.service().getMetadata().getCreationTimestamp());
    }
    if (Intent.of(seen.service()) != Intent.START) {
      return Instant.parse(seen.status().attemptStartedAt());
    }
    return ConditionWriter.find(seen.status().conditions(), Conditions.START_PENDING)
        .filter(pending -> pending.getStatus().equals(ConditionWriter.TRUE))
        .map(Condition::getLastTransitionTime)
        .map(Instant::parse)
        .orElse(seen.now());
  }

  /**
   * Secrets are never watched: one that is waited for is asked after, less often as time goes by.
   */
  private static Duration pollInterval(Observation seen) {
    var waited = Duration.between(startBegan(seen), seen.now());
    var interval = waited.dividedBy(4);
    return interval.compareTo(POLL_AT_LEAST) < 0
        ? POLL_AT_LEAST
        : interval.compareTo(POLL_AT_MOST) > 0 ? POLL_AT_MOST : interval;
  }

  private static Optional<Instant> sweepAt(AgentServiceStatus status) {
    return ConditionWriter.find(status.conditions(), Conditions.ENV_INJECTED)
        .filter(injected -> injected.getReason().equals(Conditions.INJECTED))
        .map(injected -> Instant.parse(injected.getLastTransitionTime()).plus(SWEEP_AFTER));
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Instant other) {
    return Optional.of(one.filter(at -> at.isBefore(other)).orElse(other));
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
