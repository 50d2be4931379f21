package dev.agentservice.e2e.chaos;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Runs an operator for some namespaces, kills it at random moments, and runs the next one. */
final class Killer {

  private static final int STARTING_MILLIS = 3_000;
  private static final int LIFE_MILLIS = 6_000;

  /** Who dies in seconds has no use for the optimising compiler. */
  private static final String SHORT_LIVED = " -XX:TieredStopAtLevel=1";

  /** Longer than an operator takes to fill its caches on a machine that has much else to do. */
  private static final long READY_MILLIS = 60_000;

  private final List<String> namespaces;
  private final String leaseNamespace;
  private final Path kubeconfig;
  private final Path log;
  private final Path startCache;
  private final Random random;
  private final ServiceHistory history;
  private final AtomicInteger kills;
  private final AtomicLong peakResidentMiB;

  Killer(
      List<String> namespaces,
      String leaseNamespace,
      Path kubeconfig,
      Path log,
      Path startCache,
      Random random,
      ServiceHistory history,
      AtomicInteger kills,
      AtomicLong peakResidentMiB) {
    this.namespaces = namespaces;
    this.leaseNamespace = leaseNamespace;
    this.kubeconfig = kubeconfig;
    this.log = log;
    this.startCache = startCache;
    this.random = random;
    this.history = history;
    this.kills = kills;
    this.peakResidentMiB = peakResidentMiB;
  }

  /** Kills as long as {@code due} has a permit left and there is time. */
  void run(Semaphore due, Instant end) {
    while (Instant.now().isBefore(end) && due.tryAcquire()) {
      var operator = start(SHORT_LIVED);
      live(operator);
      if (!operator.isAlive()) {
        throw new IllegalStateException("the operator ended by itself: see " + log);
      }
      notePeak(operator);
      operator.kill();
      kills.incrementAndGet();
    }
  }

  /**
   * One with the identity of all before it: it need not wait until the lease of a killed one has
   * run out, as a pod of a StatefulSet need not.
   */
  private OperatorProcess start(String options) {
    return OperatorProcess.start(
        "storm",
        kubeconfig,
        log,
        Map.of(
            "WATCH_NAMESPACES",
            String.join(",", namespaces),
            "POD_NAMESPACE",
            leaseNamespace,
            "JDK_JAVA_OPTIONS",
            "-XX:AOTCache=" + startCache + options));
  }

  /** One that is to live on. */
  OperatorProcess start() {
    return start("");
  }

  void end(OperatorProcess operator) {
    notePeak(operator);
    operator.terminate();
  }

  private void notePeak(OperatorProcess operator) {
    peakResidentMiB.accumulateAndGet(operator.peakResidentMiB(), Math::max);
  }

  /** Some die while they start, some at any time, some just after a write. */
  private void live(OperatorProcess operator) {
    var kind = random.nextInt(10);
    if (kind < 2) {
      Pause.millis(random.nextInt(STARTING_MILLIS));
      return;
    }
    Pause.until(() -> !operator.isAlive() || operator.isReady(), READY_MILLIS);
    Pause.millis(random.nextInt(LIFE_MILLIS));
    if (kind < 6) {
      var before = history.changes();
      Pause.until(() -> history.changes() != before, 2_000);
      Pause.millis(random.nextInt(20));
    }
  }
}
