package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The one place that decides which services live beside each other: no more than the deployment's
 * {@code maxServices}, and one for each idempotency key. There is one leader and in it one ledger,
 * so two passes that run at the same time cannot both take the last place.
 */
final class AdmissionLedger {

  /** What is known of the services under the deployment of one of them, own writes included. */
  interface Siblings {

    /** All of them, the one asked about among them. */
    Stream<AgentService> siblings(AgentService service);

    /** Those of them that have this idempotency key. */
    Stream<AgentService> withKey(AgentService service, String key);

    /** The deployment's {@code maxServices}; empty where it sets no bound. */
    Optional<Integer> maxServices(AgentService service);
  }

  /** An attempt already made wins, then the older service, then the smaller UID. */
  private final Comparator<AgentService> precedence =
      Comparator.<AgentService, Boolean>comparing(service -> !hasPlace(service))
          .thenComparing(service -> service.getMetadata().getCreationTimestamp())
          .thenComparing(service -> service.getMetadata().getUid());

  private final Siblings known;

  /** UIDs of services of which a pass is about to write that they start, or stop to start. */
  private final Set<String> beginning = new HashSet<>();

  AdmissionLedger(Siblings known) {
    this.known = known;
  }

  /** Whether {@code service} may start now; another pass may be faster. */
  synchronized Admission ask(AgentService service) {
    var duplicate = winnerOver(service);
    if (duplicate.isPresent()) {
      return new Admission.Duplicate(
          duplicate.get().getMetadata().getName(), namesSameSecret(service, duplicate.get()));
    }
    return hasPlace(service) || isRoomFor(service)
        ? new Admission.Admitted()
        : new Admission.Full();
  }

  /**
   * As {@link #ask}; one that is admitted has its place from now on, until {@link #settle}. To be
   * asked before anything is written of the start: whatever is written then, nobody else has the
   * place.
   */
  synchronized Admission admit(AgentService service) {
    var admission = ask(service);
    if (admission instanceof Admission.Admitted) {
      beginning.add(service.getMetadata().getUid());
    }
    return admission;
  }

  /** The record of {@code service} shows by now whether it lives. */
  synchronized void settle(AgentService service) {
    beginning.remove(service.getMetadata().getUid());
  }

  private Optional<AgentService> winnerOver(AgentService service) {
    return IdempotencyKey.of(service).stream()
        .flatMap(key -> known.withKey(service, key))
        .filter(other -> !isSame(other, service) && !isOver(other))
        .filter(other -> precedence.compare(other, service) < 0)
        .min(precedence);
  }

  private boolean isRoomFor(AgentService service) {
    var limit = known.maxServices(service);
    return limit.isEmpty() || limit.get() > othersWithPlace(service);
  }

  private long othersWithPlace(AgentService service) {
    return known
        .siblings(service)
        .filter(other -> !isSame(other, service) && hasPlace(other))
        .count();
  }

  /**
   * Whether it has a sandbox, or is to get one without asking again. One that ran before and is
   * wanted again has none while it waits.
   */
  private boolean hasPlace(AgentService service) {
    var status = Observation.statusOf(service);
    return beginning.contains(service.getMetadata().getUid())
        || (status.attempt() != null && !isOver(status) && !Intent.startIsPending(status));
  }

  private static boolean isOver(AgentService service) {
    return service.getMetadata().getDeletionTimestamp() != null
        || isOver(Observation.statusOf(service));
  }

  private static boolean isOver(AgentServiceStatus status) {
    return status.phase() == Phase.STOPPED || status.phase() == Phase.FAILED;
  }

  private static boolean isSame(AgentService one, AgentService other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid());
  }

  private static boolean namesSameSecret(AgentService one, AgentService other) {
    var secret = one.getSpec().envSecret();
    return secret != null && secret.equals(other.getSpec().envSecret());
  }
}
