package dev.agentservice.operator.version;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.recipe.Provenance;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a version may be run: only one that its deployment made and whose content fits its name.
 */
final class VersionStatus {

  private VersionStatus() {}

  static AgentVersionStatus of(
      AgentVersion version, Optional<AgentDeployment> deployment, Instant now) {
    var before = version.getStatus() == null ? null : version.getStatus().conditions();
    var generation = version.getMetadata().getGeneration();
    var writer = new ConditionWriter(before, generation, now);
    return new AgentVersionStatus(generation, conditions(version, deployment, writer));
  }

  private static List<Condition> conditions(
      AgentVersion version, Optional<AgentDeployment> deployment, ConditionWriter writer) {
    var name = version.getSpec().deployment();
    if (deployment.isEmpty()) {
      return stalled(
          writer,
          "DeploymentNotFound",
          "AgentDeployment %s does not exist in this namespace.".formatted(name));
    }
    return switch (Provenance.of(version, deployment.get())) {
      case GENUINE ->
          List.of(
              writer.write(
                  ConditionWriter.READY,
                  true,
                  "Genuine",
                  "Made by AgentDeployment %s; its content is what its name stands for."
                      .formatted(name)));
      case OWNERLESS, FOREIGN ->
          stalled(
              writer,
              "NameConflict",
              "Not made by AgentDeployment %s, or its content is not what its name stands for: it is never run."
                  .formatted(name));
    };
  }

  private static List<Condition> stalled(ConditionWriter writer, String reason, String message) {
    return List.of(
        writer.write(ConditionWriter.READY, false, reason, message),
        writer.write(ConditionWriter.STALLED, true, reason, message));
  }
}
