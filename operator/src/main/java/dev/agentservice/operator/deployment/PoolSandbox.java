package dev.agentservice.operator.deployment;

import dev.agentservice.operator.sandbox.Obstacle;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;

/**
 * A sandbox that waits for a service, as seen.
 *
 * @param version the AgentVersion it was made for
 * @param ready whether its launcher waits
 * @param over whether it ended by itself, or was evicted
 * @param leaving whether it is being deleted
 * @param obstacle what keeps it from running
 */
record PoolSandbox(
    String name,
    String uid,
    String resourceVersion,
    String version,
    boolean ready,
    boolean over,
    boolean leaving,
    Optional<Obstacle> obstacle,
    Instant createdAt) {

  static PoolSandbox of(Pod pod) {
    var metadata = pod.getMetadata();
    var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return new PoolSandbox(
        metadata.getName(),
        metadata.getUid(),
        metadata.getResourceVersion(),
        metadata.getLabels().getOrDefault(Names.VERSION_LABEL, ""),
        pod.getStatus() != null
            && pod.getStatus().getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus())),
        "Failed".equals(phase) || "Succeeded".equals(phase),
        metadata.getDeletionTimestamp() != null,
        Obstacle.of(pod),
        Instant.parse(metadata.getCreationTimestamp()));
  }
}
