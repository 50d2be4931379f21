package dev.agentservice.operator.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a deployment's counts be written at most every five seconds, however fast services come. Nor
 * are they counted in between: that would cost each start more, the more services there are.
 */
final class CountsPace {

  private static final Duration PACE = Duration.ofSeconds(5);

  /** A status that was written. */
  private record Written(Instant at, List<String> basis, Optional<Instant> lookAgain) {}

  private final Map<String, Written> lastWrite = new ConcurrentHashMap<>();

  Duration untilNextWrite(HasMetadata deployment, Instant now) {
    var last = lastWrite.get(deployment.getMetadata().getUid());
    return last == null ? Duration.ZERO : Duration.between(now, last.at().plus(PACE));
  }

  /** As {@link #untilNextWrite}; zero where more than the counts can be news, or is due. */
  Duration untilNextCount(HasMetadata deployment, List<String> basis, Instant now) {
    var last = lastWrite.get(deployment.getMetadata().getUid());
    if (last == null || !last.basis().equals(basis)) {
      return Duration.ZERO;
    }
    return last.lookAgain()
        .map(at -> Duration.between(now, at))
        .filter(due -> due.compareTo(untilNextWrite(deployment, now)) < 0)
        .orElseGet(() -> untilNextWrite(deployment, now));
  }

  /**
   * Remembers the write, and forgets those that hold nothing up any more.
   *
   * @param basis which states of which objects the status is of, but for the services
   * @param untilNextLook when there is something to do though nothing of that has changed
   */
  void wrote(
      HasMetadata deployment, List<String> basis, Instant now, Optional<Duration> untilNextLook) {
    lastWrite.values().removeIf(last -> !last.at().plus(PACE).isAfter(now));
    lastWrite.put(
        deployment.getMetadata().getUid(), new Written(now, basis, untilNextLook.map(now::plus)));
  }
}
