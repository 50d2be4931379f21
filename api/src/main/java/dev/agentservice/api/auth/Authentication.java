package dev.agentservice.api.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Finds out who calls, by TokenReview. There is no store of keys of our own. */
public final class Authentication {

  private static final Duration KNOWN_FOR = Duration.ofSeconds(10);
  private static final Duration REFUSED_FOR = Duration.ofSeconds(5);
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  /**
   * How many reviews may be under way. Tokens that were good a while ago have places of their own,
   * so that a flood of invented ones does not keep known callers waiting.
   */
  private static final int PLACES = 32;

  private static final Duration WAIT_FOR_PLACE = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final String audience;
  private final Clock clock;
  private final Reviews<String, Optional<Known>> reviews;
  private final Semaphore placesOfKnown = new Semaphore(PLACES);
  private final Semaphore placesOfUnknown = new Semaphore(PLACES);
  private final Cache<String, Boolean> wereGood =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterAccess(Duration.ofHours(1)).build();

  private record Known(Caller caller, Instant expiresAt) {}

  public Authentication(KubernetesClient client, String audience, Clock clock) {
    this.client = client;
    this.audience = audience;
    this.clock = clock;
    this.reviews = new Reviews<>(this::keptFor);
  }

  /**
   * Says who sent the token.
   *
   * @throws Problem {@code unauthenticated}, or {@code overloaded} where too many unknown tokens
   *     are being looked at
   */
  public Caller caller(List<String> authorization) {
    var token = BearerToken.of(authorization, audience, clock.instant());
    var digest = token.digest();
    return reviews
        .get(digest, () -> inPlace(digest, () -> review(token)))
        .map(Known::caller)
        .orElseThrow(() -> BearerToken.refused("The cluster does not accept the token."));
  }

  private Duration keptFor(Optional<Known> answer) {
    return answer
        .map(known -> Duration.between(clock.instant(), known.expiresAt()))
        .map(left -> left.compareTo(KNOWN_FOR) < 0 ? left : KNOWN_FOR)
        .orElse(REFUSED_FOR);
  }

  private Optional<Known> inPlace(String digest, Supplier<Optional<Known>> review) {
    var isKnown = wereGood.getIfPresent(digest) != null;
    var places = isKnown ? placesOfKnown : placesOfUnknown;
    var wait = isKnown ? WAIT_FOR_PLACE : Duration.ZERO;
    try {
      if (!places.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Problem(ErrorCode.OVERLOADED);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Problem(ErrorCode.OVERLOADED);
    }
    try {
      var answer = review.get();
      if (answer.isPresent()) {
        wereGood.put(digest, true);
      }
      return answer;
    } finally {
      places.release();
    }
  }

  private Optional<Known> review(BearerToken token) {
    var asked =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token.text())
            .withAudiences(audience)
            .endSpec()
            .build();
    return caller(client.resource(asked).create()).map(who -> new Known(who, token.expiresAt()));
  }

  /** A user of another kind has no namespace, so is no tenant. */
  private Optional<Caller> caller(TokenReview answer) {
    var status = answer.getStatus();
    if (!Boolean.TRUE.equals(status.getAuthenticated())
        || !status.getAudiences().contains(audience)
        || !status.getUser().getUsername().startsWith(SERVICE_ACCOUNT)) {
      return Optional.empty();
    }
    var user = status.getUser();
    var namespace = user.getUsername().substring(SERVICE_ACCOUNT.length()).split(":", -1)[0];
    return Optional.of(
        new Caller(
            namespace,
            user.getUsername(),
            user.getUid(),
            user.getGroups(),
            user.getExtra() == null ? Map.of() : user.getExtra()));
  }
}
