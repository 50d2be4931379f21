package dev.agentservice.api.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that all replicas of one installation share, in a Secret of their own namespace. The
 * first replica that finds no Secret makes it. A key that is added is seen within a minute, or at
 * once where something signed with it comes by.
 */
public final class InstallationKeys {

  private static final Logger LOG = LoggerFactory.getLogger(InstallationKeys.class);
  private static final Duration READ_AGAIN = Duration.ofMinutes(1);

  /** Ids that sort by time. */
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final int KEY_BYTES = 32;

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final Clock clock;

  /** Ids that were asked for a moment ago and are nobody's. */
  private final Cache<String, Boolean> unknown =
      Caffeine.newBuilder().maximumSize(1_000).expireAfterWrite(Duration.ofSeconds(5)).build();

  private KeyRing ring;
  private Instant readAt = Instant.MIN;

  public InstallationKeys(KubernetesClient client, String namespace, String name, Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.clock = clock;
  }

  /** The keys as last read. */
  public synchronized KeyRing ring() {
    if (ring == null || !clock.instant().isBefore(readAt.plus(READ_AGAIN))) {
      try {
        read();
      } catch (KubernetesClientException e) {
        if (ring == null) {
          throw new Problem(ErrorCode.KUBERNETES_UNAVAILABLE);
        }
        // what was read serves until the API server is back
        readAt = clock.instant();
      } catch (IllegalArgumentException e) {
        if (ring == null) {
          throw e;
        }
        LOG.error("the keys stay as they were: {}", e.getMessage());
        readAt = clock.instant();
      }
    }
    return ring;
  }

  /** The key of that id, asked for again where it is not known. */
  public synchronized Optional<byte[]> key(String id) {
    var known = ring().key(id);
    if (known.isPresent() || unknown.getIfPresent(id) != null) {
      return known;
    }
    read();
    var found = ring.key(id);
    if (found.isEmpty()) {
      unknown.put(id, true);
    }
    return found;
  }

  private void read() {
    var secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      make();
      secret = client.secrets().inNamespace(namespace).withName(name).require();
    }
    ring = KeyRing.of(namespace + "/" + name, secret.getData());
    readAt = clock.instant();
  }

  private void make() {
    var key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    var id = ID.format(clock.instant());
    try {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withNamespace(namespace)
                  .withName(name)
                  .endMetadata()
                  .withType("Opaque")
                  .withData(Map.of(id, Base64.getEncoder().encodeToString(key)))
                  .build())
          .create();
      LOG.info("made the installation's key {} in Secret {}/{}", id, namespace, name);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // another replica was faster: its key is the installation's
    }
  }
}
