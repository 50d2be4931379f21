package dev.agentservice.operator.deployment;

import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.operator.recipe.Provenance;
import dev.agentservice.operator.recipe.Supervised;
import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What to do about a deployment's waiting sandboxes now. */
final class PoolPlan {

  /**
   * As many are made at a time, and the next when these are ready: a node that pulls an image, or
   * an operator that refills, is not to stand in the way of services that start.
   */
  private static final int PACE = 4;

  /**
   * So long the next is not made, while half of the pool is there: a sandbox that is being made
   * takes the node's time from a service that is being started.
   */
  private static final Duration STARTS_COME_FIRST = Duration.ofSeconds(2);

  /** One that ended by itself stays so long: a sandbox that cannot run is not made in a loop. */
  private static final Duration FAILURES_LAST = Duration.ofSeconds(30);

  private PoolPlan() {}

  /** How many should wait. */
  static int target(DeploymentObservation seen) {
    return version(seen).isPresent() ? wanted(seen) : 0;
  }

  /** Whether some are wanted, and services could be started but for the launcher they need. */
  static boolean lacksLauncher(DeploymentObservation seen) {
    return wanted(seen) > 0 && active(seen).isPresent() && version(seen).isEmpty();
  }

  private static int wanted(DeploymentObservation seen) {
    var spec = seen.deployment().getSpec();
    var size = spec.warmPool() == null ? null : spec.warmPool().size();
    return size == null || Boolean.TRUE.equals(spec.suspended()) ? 0 : size;
  }

  /** How many do, and could be taken at once. */
  static int ready(DeploymentObservation seen) {
    return (int) current(seen).filter(PoolSandbox::ready).count();
  }

  static List<DeploymentAction> next(DeploymentObservation seen) {
    var actions = new ArrayList<DeploymentAction>();
    var current = current(seen).toList();
    var target = target(seen);
    seen.pool().stream()
        .filter(sandbox -> !sandbox.leaving() && !current.contains(sandbox))
        .map(DeploymentAction.RemoveWarm::new)
        .forEach(actions::add);
    current.stream()
        .sorted(Comparator.comparing(PoolSandbox::ready).thenComparing(PoolSandbox::createdAt))
        .limit(Math.max(0, current.size() - target))
        .map(DeploymentAction.RemoveWarm::new)
        .forEach(actions::add);
    var underWay = (int) current.stream().filter(sandbox -> !sandbox.ready()).count();
    var missing = Math.min(target - current.size(), PACE - underWay);
    if (missing > 0 && !untilRefill(seen).isPositive()) {
      if (current.isEmpty() && seen.network().isPresent()) {
        var namespace = seen.deployment().getMetadata().getNamespace();
        actions.add(new DeploymentAction.IsolateNamespace(SandboxNetwork.isolation(namespace)));
      }
      IntStream.range(0, missing)
          .mapToObj(
              number ->
                  new DeploymentAction.CreateWarm(
                      WarmPod.of(
                          seen.deployment(),
                          version(seen).orElseThrow(),
                          seen.sandboxes(),
                          seen.seed() + "/" + number)))
          .forEach(actions::add);
    }
    return actions;
  }

  private static Duration untilRefill(DeploymentObservation seen) {
    return ready(seen) * 2 < target(seen)
        ? Duration.ZERO
        : seen.lastStart()
            .map(start -> Duration.between(seen.now(), start.plus(STARTS_COME_FIRST)))
            .orElse(Duration.ZERO);
  }

  /** When a sandbox that ended is to make room for another, or one that was taken is replaced. */
  static Optional<Duration> untilNextLook(DeploymentObservation seen) {
    var failures =
        seen.pool().stream()
            .filter(sandbox -> sandbox.over() && !sandbox.leaving())
            .map(sandbox -> Duration.between(seen.now(), sandbox.createdAt().plus(FAILURES_LAST)))
            .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    var refill =
        Stream.of(untilRefill(seen))
            .filter(wait -> wait.isPositive() && current(seen).count() < target(seen));
    return Stream.concat(failures, refill).min(Comparator.naturalOrder());
  }

  /** Those that do not get ready, the oldest first. */
  static List<PoolSandbox> notReady(DeploymentObservation seen) {
    return current(seen)
        .filter(sandbox -> !sandbox.ready())
        .sorted(Comparator.comparing(PoolSandbox::createdAt).thenComparing(PoolSandbox::name))
        .toList();
  }

  /** Those that count: of the version that services get now, and not to be replaced. */
  private static Stream<PoolSandbox> current(DeploymentObservation seen) {
    var version = version(seen).map(active -> active.getMetadata().getName()).orElse("");
    return seen.pool().stream()
        .filter(
            sandbox ->
                sandbox.version().equals(version)
                    && !sandbox.leaving()
                    && !(sandbox.over()
                        && !seen.now().isBefore(sandbox.createdAt().plus(FAILURES_LAST))));
  }

  /** The version that a service gets which names none, where a launcher starts its agents. */
  private static Optional<AgentVersion> version(DeploymentObservation seen) {
    return active(seen)
        .filter(
            version ->
                Supervised.applies(version.getSpec().template(), seen.sandboxes().launcherImage()));
  }

  private static Optional<AgentVersion> active(DeploymentObservation seen) {
    var pinned = seen.deployment().getSpec().activeVersion();
    return seen.version(pinned != null ? pinned : seen.currentName())
        .filter(version -> seen.provenance(version) == Provenance.GENUINE);
  }
}
