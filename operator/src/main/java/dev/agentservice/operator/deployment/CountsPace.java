package dev.agentservice.operator.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Lets a deployment's counts be written at most every five seconds, however fast services come. */
final class CountsPace {

  private static final Duration PACE = Duration.ofSeconds(5);

  private final Map<String, Instant> lastWrite = new ConcurrentHashMap<>();

  Duration untilNextWrite(HasMetadata deployment, Instant now) {
    var last = lastWrite.get(deployment.getMetadata().getUid());
    return last == null ? Duration.ZERO : Duration.between(now, last.plus(PACE));
  }

  void wrote(HasMetadata deployment, Instant now) {
    lastWrite.put(deployment.getMetadata().getUid(), now);
  }

  void forget(HasMetadata deployment) {
    lastWrite.remove(deployment.getMetadata().getUid());
  }
}
