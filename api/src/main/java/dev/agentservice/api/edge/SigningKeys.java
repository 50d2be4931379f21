package dev.agentservice.api.edge;

import dev.agentservice.api.keys.InstallationKeys;
import dev.agentservice.api.keys.KeyRing;
import dev.agentservice.api.problem.Problem;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The ring of signing keys as thousands of checks in a second read it: from memory. A key that was
 * added a moment ago is asked for at once, but not as often as a stranger can invent key ids.
 */
final class SigningKeys {

  private static final int QUESTIONS_PER_SECOND = 10;

  private final InstallationKeys keys;
  private final Bucket questions =
      Bucket.builder()
          .addLimit(
              limit ->
                  limit
                      .capacity(QUESTIONS_PER_SECOND)
                      .refillGreedy(QUESTIONS_PER_SECOND, Duration.ofSeconds(1)))
          .build();

  /** Those who wait for an answer, which an API server that hangs does not give. */
  private final Semaphore waiting = new Semaphore(QUESTIONS_PER_SECOND);

  private volatile KeyRing ring;

  SigningKeys(InstallationKeys keys) {
    this.keys = keys;
  }

  /** Reads the ring where it is time to; what was read before stays where that fails. */
  void refresh() {
    try {
      ring = keys.ring();
    } catch (KubernetesClientException | Problem | IllegalArgumentException _) {
      // told by the keys themselves
    }
  }

  boolean areThere() {
    return ring != null;
  }

  Optional<byte[]> key(String id) {
    var known = ring == null ? Optional.<byte[]>empty() : ring.key(id);
    return known.isPresent() || !questions.tryConsume(1) ? known : asked(id);
  }

  private Optional<byte[]> asked(String id) {
    if (!waiting.tryAcquire()) {
      return Optional.empty();
    }
    try {
      var found = keys.key(id);
      ring = keys.ring();
      return found;
    } catch (KubernetesClientException | Problem | IllegalArgumentException _) {
      return Optional.empty();
    } finally {
      waiting.release();
    }
  }

  /** Signs with the newest key; empty while there is none. */
  Optional<String> sign(Claims claims) {
    var now = ring;
    return now == null
        ? Optional.empty()
        : now.key(now.newest()).map(key -> EdgeToken.sign(claims, now.newest(), key));
  }
}
