package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Every moment at which a service changes by itself, computed from its record and nothing else. */
final class Clocks {

  /**
   * How long the small steps of a start (scheduled, running) stay unwritten: an ordinary start then
   * costs two status writes, and a slow one still shows how far it got.
   */
  private static final Duration QUIET_START = Duration.ofSeconds(3);

  /** When a late copy of a consumed Secret is looked for, after the injection. */
  private static final Duration SWEEP_AFTER = Duration.ofMinutes(10);

  /** The HTTP API makes a service first and its Secret within moments, which nobody watches. */
  private static final Duration POLL_AT_ONCE = Duration.ofMillis(25);

  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final Duration POLL_AT_FIRST = Duration.ofMillis(100);
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration POLL_AT_LEAST = Duration.ofSeconds(1);
  private static final Duration POLL_FOR_PLACE = Duration.ofSeconds(3);
  private static final Duration POLL_AT_MOST = Duration.ofSeconds(60);
  private static final Duration RETRY_CALL = Duration.ofSeconds(5);

  private Clocks() {}

  /** Whether the current attempt has had all the time there is to become ready. */
  static boolean attemptIsLate(Observation seen) {
    return !seen.now().isBefore(attemptDeadline(seen));
  }

  /** Whether a wanted start has waited as long as it may for what it needs. */
  static boolean waitIsLate(Observation seen) {
    return !seen.now().isBefore(waitDeadline(seen));
  }

  /** Whether a lost sandbox has waited as long as it may for what its replacement needs. */
  static boolean replacementIsLate(Observation seen) {
    return !seen.now().isBefore(replacementDeadline(seen));
  }

  /** Whether the current attempt is so young that its small steps are not written yet. */
  static boolean startIsQuiet(Observation seen) {
    return seen.wasStarted() && seen.now().isBefore(attemptStart(seen).plus(QUIET_START));
  }

  /**
   * Whether a service is so young that its Secret may be on its way: there is nothing to tell yet
   * of what the HTTP API writes moments later.
   */
  static boolean secretMayBeOnItsWay(Observation seen) {
    return seen.transientSecret() instanceof TransientSecret.Absent && isYounger(seen, FIRST);
  }

  static boolean sweepIsDue(Observation seen) {
    return sweepAt(seen.status()).filter(at -> !seen.now().isBefore(at)).isPresent();
  }

  /** How long until this service has to be looked at again, if no event comes before. */
  static Optional<Duration> untilNextLook(Observation seen, Verdict verdict) {
    var starting = attemptIsUnderWay(seen, verdict);
    return Stream.of(
            lacksSomething(seen) && !waitIsLate(seen) ? waitDeadline(seen) : null,
            lacksWhatNobodyWatches(seen) ? nextPoll(seen, waitsSince(seen)) : null,
            replacementLacksEnv(seen, verdict) ? nextPoll(seen, Recovery.lostAt(seen)) : null,
            replacementLacksEnv(seen, verdict) ? replacementDeadline(seen) : null,
            callIsTriedAgain(seen) ? nextTry(seen) : null,
            seen.sandbox() instanceof Sandbox.Missed ? seen.now() : null,
            starting ? attemptDeadline(seen) : null,
            starting && startIsQuiet(seen) ? attemptStart(seen).plus(QUIET_START) : null,
            Plan.releaseIsDue(seen, verdict) ? seen.now() : null,
            verdict.isOver() ? expiry(seen) : null,
            Plan.recoveryIsOwed(seen, verdict) ? Recovery.dueAt(seen) : null,
            sweepAt(seen.status()).orElse(null))
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder())
        .map(at -> Duration.between(seen.now(), at))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  /** While a new start is only wanted, the attempt in status is the former one, long late. */
  private static boolean attemptIsUnderWay(Observation seen, Verdict verdict) {
    return seen.wasStarted()
        && verdict.phase() == Phase.STARTING
        && Intent.of(seen.service()) != Intent.START;
  }

  private static boolean lacksSomething(Observation seen) {
    return Intent.of(seen.service()) == Intent.START
        && StartCheck.of(seen) instanceof StartCheck.Wait;
  }

  /**
   * With the recipe there, what is missing is a Secret, a ConfigMap or another service's end:
   * nothing watches those.
   */
  private static boolean lacksWhatNobodyWatches(Observation seen) {
    return lacksSomething(seen) && seen.recipe() instanceof Recipe.Found;
  }

  private static boolean replacementLacksEnv(Observation seen, Verdict verdict) {
    return verdict.phase() == Phase.UNHEALTHY
        && seen.sandbox() instanceof Sandbox.Absent
        && Intent.of(seen.service()) == Intent.KEEP
        && StartCheck.of(seen) instanceof StartCheck.Wait;
  }

  private static boolean callIsTriedAgain(Observation seen) {
    return seen.refusal().isPresent()
        || (Intent.of(seen.service()) == Intent.KEEP
            && (seen.launcherWaits()
                || seen.launcherIsToBeAsked()
                || seen.transientSecret() instanceof TransientSecret.Refused))
        || seen.sandbox() instanceof Sandbox.Former
        || seen.front() instanceof Front.Former;
  }

  /** What is refused on and on is tried less often as time goes by. */
  private static Instant nextTry(Observation seen) {
    var refused = Duration.between(refusedSince(seen).orElse(seen.now()), seen.now());
    return seen.now().plus(within(RETRY_CALL, refused.dividedBy(4)));
  }

  /** Where no deadline ends it: since when, as far as the record tells. */
  private static Optional<Instant> refusedSince(Observation seen) {
    return switch (seen.refusal().map(Refusal::action).orElse(null)) {
      case Action.DeleteRecord _ -> Expiry.dueAt(seen);
      case Action.PutRoute _ -> since(seen, Conditions.PUBLIC_URL_REFUSED);
      case Action.ForgetSecret _ when Conditions.secretIsLeft(seen.status()) ->
          since(seen, Conditions.ENV_INJECTED);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Instant> since(Observation seen, String condition) {
    return ConditionWriter.find(seen.status().conditions(), condition)
        .map(Condition::getLastTransitionTime)
        .map(Instant::parse);
  }

  /** A deletion shows only when the watch brings it. */
  private static Instant expiry(Observation seen) {
    return Expiry.isDue(seen) ? nextTry(seen) : Expiry.dueAt(seen).orElse(null);
  }

  private static Instant attemptStart(Observation seen) {
    return Instant.parse(seen.status().attemptStartedAt());
  }

  private static Instant attemptDeadline(Observation seen) {
    return attemptStart(seen).plusSeconds(seen.startTimeoutSeconds());
  }

  private static Instant replacementDeadline(Observation seen) {
    return Recovery.lostAt(seen).plusSeconds(seen.startTimeoutSeconds());
  }

  private static Instant waitDeadline(Observation seen) {
    return waitsSince(seen).plusSeconds(seen.startTimeoutSeconds());
  }

  /** Since when a wanted start is found waiting, as the condition remembers. */
  private static Instant waitsSince(Observation seen) {
    return ConditionWriter.find(seen.status().conditions(), Conditions.START_PENDING)
        .filter(pending -> pending.getStatus().equals(ConditionWriter.TRUE))
        .map(Condition::getLastTransitionTime)
        .map(Instant::parse)
        .orElse(seen.now());
  }

  /** Whether no operator has said anything of the service, and it is no older than that. */
  private static boolean isYounger(Observation seen, Duration age) {
    var created = Instant.parse(seen.service().getMetadata().getCreationTimestamp());
    return Observation.isNew(seen.status()) && seen.now().isBefore(created.plus(age));
  }

  /** What is waited for is asked after less often as time goes by, where asking costs a request. */
  private static Instant nextPoll(Observation seen, Instant since) {
    if (seen.admission() instanceof Admission.Full) {
      return seen.now().plus(POLL_FOR_PLACE);
    }
    var waited = Duration.between(since, seen.now());
    if (waited.compareTo(FIRST) < 0) {
      return seen.now().plus(isYounger(seen, AT_ONCE) ? POLL_AT_ONCE : POLL_AT_FIRST);
    }
    return seen.now().plus(within(POLL_AT_LEAST, waited.dividedBy(4)));
  }

  private static Duration within(Duration least, Duration interval) {
    return interval.compareTo(least) < 0
        ? least
        : interval.compareTo(POLL_AT_MOST) > 0 ? POLL_AT_MOST : interval;
  }

  private static Optional<Instant> sweepAt(AgentServiceStatus status) {
    return ConditionWriter.find(status.conditions(), Conditions.ENV_INJECTED)
        .filter(injected -> injected.getReason().equals(Conditions.INJECTED))
        .map(injected -> Instant.parse(injected.getLastTransitionTime()).plus(SWEEP_AFTER));
  }
}
