package dev.agentservice.operator.service;

import dev.agentservice.operator.edge.PublicAccess;
import dev.agentservice.operator.edge.PublicRoute;
import dev.agentservice.operator.edge.RouteTarget;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/** When a service has a public URL: while it is ready, permitted and protected, and not else. */
final class PublicUrl {

  /** Why a service that may have a URL has none, as a condition tells it. */
  record Hindrance(String condition, String reason, String message) {}

  private PublicUrl() {}

  /** Before anything else is done about the service: nobody is to come any more. */
  static List<Action> close(Observation seen, Verdict verdict) {
    return isDue(seen, verdict)
        ? List.of()
        : seen
            .publicAccess()
            .flatMap(PublicAccess::route)
            .<Action>map(Action.RemoveRoute::new)
            .stream()
            .toList();
  }

  /** After everything else: there is something to come to. */
  static List<Action> open(Observation seen, Verdict verdict) {
    return isDue(seen, verdict)
        ? wanted(seen)
            .filter(route -> !isThere(seen, route))
            .<Action>map(Action.PutRoute::new)
            .stream()
            .toList()
        : List.of();
  }

  /** As status has it, without any token. */
  static Optional<String> of(Observation seen, Verdict verdict) {
    return isDue(seen, verdict) && wanted(seen).map(route -> isThere(seen, route)).orElse(true)
        ? seen.publicAccess()
            .map(
                access ->
                    access.settings().url(RouteTarget.of(seen.service(), access.settings()).host()))
        : Optional.empty();
  }

  static Optional<Hindrance> hindrance(Observation seen, Verdict verdict) {
    if (!isWanted(seen, verdict)) {
      return Optional.empty();
    }
    var protection = seen.publicAccess().orElseThrow().protection();
    return protection.proven()
        ? seen.refusal()
            .filter(refusal -> refusal.action() instanceof Action.PutRoute)
            .map(Refusal::httpStatus)
            .map(PublicUrl::refused)
        : Optional.of(
            new Hindrance(
                Conditions.PUBLIC_URL_UNPROTECTED, protection.reason(), protection.message()));
  }

  private static Hindrance refused(int httpStatus) {
    return httpStatus == HttpURLConnection.HTTP_CONFLICT
        ? new Hindrance(
            Conditions.PUBLIC_URL_REFUSED,
            Reason.NAME_CONFLICT.word(),
            "Somebody else's route has the service's name; it is tried again.")
        : new Hindrance(
            Conditions.PUBLIC_URL_REFUSED,
            "RouteRefused",
            "The API server refused the public route (HTTP %d); it is tried again."
                .formatted(httpStatus));
  }

  private static boolean isWanted(Observation seen, Verdict verdict) {
    return verdict.phase() == Phase.READY
        && seen.publicAccess().filter(PublicAccess::permitted).isPresent();
  }

  private static boolean isDue(Observation seen, Verdict verdict) {
    return isWanted(seen, verdict) && seen.publicAccess().orElseThrow().protection().proven();
  }

  private static Optional<HasMetadata> wanted(Observation seen) {
    return seen.publicAccess()
        .flatMap(
            access ->
                PublicRoute.of(
                    RouteTarget.of(seen.service(), access.settings()), access.settings()));
  }

  private static boolean isThere(Observation seen, HasMetadata wanted) {
    return seen.publicAccess()
        .flatMap(PublicAccess::route)
        .filter(route -> PublicRoute.isAs(wanted, route))
        .isPresent();
  }
}
