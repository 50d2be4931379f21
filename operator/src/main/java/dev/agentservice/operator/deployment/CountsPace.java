package dev.agentservice.operator.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a deployment's counts be written at most every five seconds, however fast services come. Nor
 * are they counted in between: that would cost each start more, the more services there are.
 */
final class CountsPace {

  private static final Duration PACE = Duration.ofSeconds(5);

  /** A status that was written. */
  private record Written(Instant at, List<String> basis) {}

  private final Map<String, Written> lastWrite = new ConcurrentHashMap<>();

  Duration untilNextWrite(HasMetadata deployment, Instant now) {
    var last = lastWrite.get(deployment.getMetadata().getUid());
    return last == null ? Duration.ZERO : Duration.between(now, last.at().plus(PACE));
  }

  /** As {@link #untilNextWrite}; zero where more than the counts can be news. */
  Duration untilNextCount(HasMetadata deployment, List<String> basis, Instant now) {
    var last = lastWrite.get(deployment.getMetadata().getUid());
    return last != null && last.basis().equals(basis)
        ? untilNextWrite(deployment, now)
        : Duration.ZERO;
  }

  /**
   * Remembers the write.
   *
   * @param basis which states of which objects the status is of, but for the services
   */
  void wrote(HasMetadata deployment, List<String> basis, Instant now) {
    lastWrite.put(deployment.getMetadata().getUid(), new Written(now, basis));
  }

  void forget(HasMetadata deployment) {
    lastWrite.remove(deployment.getMetadata().getUid());
  }
}
