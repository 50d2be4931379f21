package dev.agentservice.api.deployment;

import dev.agentservice.v1alpha1.AgentDeployment;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;

/**
 * An agent deployment as the HTTP API shows it. Times are RFC 3339 in UTC.
 *
 * @param mode always {@code service}
 * @param status {@code active}, or {@code paused} where it takes no new services
 * @param activeVersionId null before the first version is cut
 * @param metadata always empty
 */
public record DeploymentDocument(
    String id,
    String name,
    String description,
    String mode,
    String status,
    String activeVersionId,
    Map<String, Object> metadata,
    String createdAt,
    String updatedAt) {

  static DeploymentDocument of(AgentDeployment deployment) {
    var metadata = deployment.getMetadata();
    return new DeploymentDocument(
        metadata.getName(),
        metadata.getName(),
        deployment.getSpec().description(),
        "service",
        Boolean.TRUE.equals(deployment.getSpec().suspended()) ? "paused" : "active",
        deployment.getStatus() == null ? null : deployment.getStatus().activeVersion(),
        Map.of(),
        metadata.getCreationTimestamp(),
        lastChange(deployment));
  }

  /** Of the spec: the operator's own writes are to status. */
  private static String lastChange(AgentDeployment deployment) {
    return deployment.getMetadata().getManagedFields().stream()
        .filter(entry -> !Objects.equals("status", entry.getSubresource()))
        .map(ManagedFieldsEntry::getTime)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .orElse(deployment.getMetadata().getCreationTimestamp());
  }
}
