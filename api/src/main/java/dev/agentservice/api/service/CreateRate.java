package dev.agentservice.api.service;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.github.bucket4j.Bucket;
import java.time.Duration;

/** How fast a tenant may create services at this replica: so many a second, with bursts of ten. */
public final class CreateRate {

  private static final int BURST_SECONDS = 10;

  private final int perSecond;
  private final Cache<String, Bucket> tenants =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterAccess(Duration.ofMinutes(1)).build();

  public CreateRate(int perSecond) {
    this.perSecond = perSecond;
  }

  /**
   * Counts one create.
   *
   * @throws Problem {@code too_many_creates}
   */
  public void count(String namespace) {
    var bucket = tenants.get(namespace, _ -> full());
    if (!bucket.tryConsume(1)) {
      throw new Problem(ErrorCode.TOO_MANY_CREATES);
    }
  }

  private Bucket full() {
    return Bucket.builder()
        .addLimit(
            limit ->
                limit
                    .capacity((long) perSecond * BURST_SECONDS)
                    .refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }
}
