package dev.agentservice.operator.deployment;

import dev.agentservice.operator.Announcement;
import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.sandbox.Obstacle;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Optional;

/**
 * What a deployment tells of its warm pool. That services take sandboxes and others are made is the
 * ordinary course of things: it shows in the count alone, and in no condition or event.
 */
final class PoolStatus {

  /** Whether the pool was full since the deployment was last changed, and nothing is in its way. */
  static final String WARM_POOL_READY = "WarmPoolReady";

  private static final String FILLED = "WarmPoolFilled";
  private static final String FILLING = "WarmPoolFilling";
  private static final String EMPTIED = "WarmPoolEmptied";
  private static final String NO_LAUNCHER = "WarmPoolWithoutLauncher";
  private static final String SANDBOX_ENDED = "WarmSandboxEnded";
  private static final String POD_REFUSED = "PodRefused";

  private PoolStatus() {}

  /** Only where sandboxes are to wait. */
  static Optional<Condition> condition(DeploymentObservation seen, ConditionWriter writer) {
    var target = PoolPlan.target(seen);
    if (target == 0) {
      return PoolPlan.lacksLauncher(seen)
          ? Optional.of(
              writer.write(
                  WARM_POOL_READY,
                  false,
                  NO_LAUNCHER,
                  "No sandboxes wait: a launcher does not start the agents of this template."))
          : Optional.empty();
    }
    var before =
        ConditionWriter.find(writer.before(), WARM_POOL_READY)
            .filter(condition -> writer.generation().equals(condition.getObservedGeneration()));
    var ready = PoolPlan.ready(seen);
    var trouble = trouble(seen, ready);
    if (trouble.isPresent()) {
      return Optional.of(
          writer.write(WARM_POOL_READY, false, trouble.get(), troubleMessage(seen, trouble.get())));
    }
    if (ready == 0 && before.filter(PoolStatus::isTrouble).isPresent()) {
      return before; // the next try is under way
    }
    var wasFull = before.filter(PoolStatus::isTrue).isPresent();
    return Optional.of(
        wasFull || ready >= target
            ? writer.write(
                WARM_POOL_READY, true, FILLED, "Sandboxes that wait: %d.".formatted(target))
            : writer.write(
                WARM_POOL_READY,
                false,
                FILLING,
                "Sandboxes that will wait: %d.".formatted(target)));
  }

  /** What users are told of: another size, a pool that is full, one that cannot be filled. */
  static Optional<Announcement> news(AgentDeploymentStatus before, AgentDeploymentStatus now) {
    var pool = pool(now);
    if (pool.map(Condition::getMessage).equals(pool(before).map(Condition::getMessage))) {
      return Optional.empty();
    }
    return Optional.of(
        pool.map(
                condition ->
                    new Announcement(
                        isTrouble(condition), condition.getReason(), condition.getMessage()))
            .orElseGet(() -> new Announcement(false, EMPTIED, "No sandboxes wait any more.")));
  }

  /** One that ended may have been evicted: that is trouble where no other waits. */
  private static Optional<String> trouble(DeploymentObservation seen, int ready) {
    if (seen.refusal()
        .filter(it -> it.action() instanceof DeploymentAction.CreateWarm)
        .isPresent()) {
      return Optional.of(POD_REFUSED);
    }
    var notReady = PoolPlan.notReady(seen);
    return notReady.stream()
        .flatMap(sandbox -> sandbox.obstacle().stream())
        .map(Obstacle::word)
        .findFirst()
        .or(
            () ->
                ready == 0 && notReady.stream().anyMatch(PoolSandbox::over)
                    ? Optional.of(SANDBOX_ENDED)
                    : Optional.empty());
  }

  private static String troubleMessage(DeploymentObservation seen, String reason) {
    return reason.equals(POD_REFUSED)
        ? "The API server refused a sandbox of the pool (HTTP %d); it is tried again."
            .formatted(seen.refusal().orElseThrow().httpStatus())
        : "A sandbox of the pool does not get ready (%s): kubectl describe pod -l %s,%s=%s"
            .formatted(
                reason,
                Names.WARM_LABEL,
                Names.DEPLOYMENT_LABEL,
                seen.deployment().getMetadata().getName());
  }

  private static Optional<Condition> pool(AgentDeploymentStatus status) {
    return status == null
        ? Optional.empty()
        : ConditionWriter.find(status.conditions(), WARM_POOL_READY);
  }

  private static boolean isTrue(Condition condition) {
    return condition.getStatus().equals(ConditionWriter.TRUE);
  }

  private static boolean isTrouble(Condition condition) {
    return !isTrue(condition) && !condition.getReason().equals(FILLING);
  }
}
