package dev.agentservice.operator.deployment;

import dev.agentservice.operator.Announcement;
import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.recipe.Provenance;
import dev.agentservice.operator.recipe.Supervised;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.AgentDeploymentStatusBuilder;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The status that tells what was seen of a deployment. */
final class DeploymentStatus {

  private static final String VERSION_CURRENT = "VersionCurrent";
  private static final String VERSION_NOT_FOUND = "VersionNotFound";
  private static final String NAME_CONFLICT = "NameConflict";
  private static final String VERSION_REFUSED = "VersionRefused";
  private static final String NETWORK_POLICY_REFUSED = "NetworkPolicyRefused";

  /**
   * Whether a launcher starts the agents of the current template; only where it says one should.
   */
  private static final String SUPERVISED = "Supervised";

  private static final String LAUNCHER = "Launcher";
  private static final String NO_LAUNCHER_IMAGE = "NoLauncherImage";

  private DeploymentStatus() {}

  static AgentDeploymentStatus of(DeploymentObservation seen) {
    var deployment = seen.deployment();
    return AgentDeploymentStatusBuilder.builder()
        .observedGeneration(deployment.getMetadata().getGeneration())
        .activeVersion(active(seen).orElse(null))
        .latestVersion(genuine(seen, seen.currentName()).orElse(null))
        .warmReady(PoolPlan.ready(seen))
        .warmTarget(PoolPlan.target(seen))
        .services(seen.services().isEmpty() ? null : Map.copyOf(seen.services()))
        .conditions(
            Stream.of(conditions(seen).stream(), supervised(seen).stream(), pool(seen).stream())
                .flatMap(conditions -> conditions)
                .toList())
        .build();
  }

  /** What users are told of where another version is current, or none can be had. */
  static Optional<Announcement> news(AgentDeploymentStatus before, AgentDeploymentStatus now) {
    var ready = ready(now);
    return ready.map(Condition::getMessage).equals(ready(before).map(Condition::getMessage))
        ? Optional.empty()
        : ready.map(
            condition ->
                new Announcement(
                    !condition.getStatus().equals(ConditionWriter.TRUE),
                    condition.getReason(),
                    condition.getMessage()));
  }

  private static Optional<Condition> ready(AgentDeploymentStatus status) {
    return status == null
        ? Optional.empty()
        : ConditionWriter.find(status.conditions(), ConditionWriter.READY);
  }

  /**
   * The version that a service gets which names none: the pinned one, else the current template's.
   */
  private static Optional<String> active(DeploymentObservation seen) {
    return genuine(seen, wanted(seen));
  }

  private static Optional<String> genuine(DeploymentObservation seen, String name) {
    return seen.version(name)
        .filter(version -> seen.provenance(version) == Provenance.GENUINE)
        .map(version -> version.getMetadata().getName());
  }

  private static String wanted(DeploymentObservation seen) {
    var pinned = seen.deployment().getSpec().activeVersion();
    return pinned != null ? pinned : seen.currentName();
  }

  private static Optional<Condition> supervised(DeploymentObservation seen) {
    if (!Supervised.isWanted(seen.deployment().getSpec().template())) {
      return Optional.empty();
    }
    return Optional.of(
        seen.sandboxes().launcherImage().isPresent()
            ? writer(seen)
                .write(
                    SUPERVISED,
                    true,
                    LAUNCHER,
                    "A launcher starts the agents of this template and hands their env over.")
            : writer(seen)
                .write(
                    SUPERVISED,
                    false,
                    NO_LAUNCHER_IMAGE,
                    "The node starts the agents of this template and takes their env from the"
                        + " Secret: the operator has no LAUNCHER_IMAGE."));
  }

  private static Optional<Condition> pool(DeploymentObservation seen) {
    return PoolStatus.condition(seen, writer(seen));
  }

  private static ConditionWriter writer(DeploymentObservation seen) {
    var deployment = seen.deployment();
    var before = deployment.getStatus() == null ? null : deployment.getStatus().conditions();
    return new ConditionWriter(before, deployment.getMetadata().getGeneration(), seen.now());
  }

  private static List<Condition> conditions(DeploymentObservation seen) {
    var writer = writer(seen);
    var name = wanted(seen);
    Optional<AgentVersion> version = seen.version(name);
    var refusal = seen.refusal().flatMap(DeploymentStatus::hindrance);
    if (refusal.isPresent()) {
      return stalled(writer, refusal.get().reason(), refusal.get().message());
    }
    if (version.isEmpty()) {
      return stalled(
          writer,
          VERSION_NOT_FOUND,
          "spec.activeVersion names AgentVersion %s, which does not exist.".formatted(name));
    }
    if (seen.provenance(version.get()) != Provenance.GENUINE) {
      return stalled(
          writer,
          NAME_CONFLICT,
          ("AgentVersion %s was not made by this deployment or does not hold what its name stands"
                  + " for; it is neither used nor touched. Delete it.")
              .formatted(name));
    }
    return List.of(
        writer.write(
            ConditionWriter.READY,
            true,
            VERSION_CURRENT,
            "New services run AgentVersion %s.".formatted(name)));
  }

  /** A version that could not be pruned hurts nobody. */
  private static Optional<Hindrance> hindrance(DeploymentObservation.Refusal refusal) {
    return switch (refusal.action()) {
      case DeploymentAction.PutPolicy(NetworkPolicy policy) ->
          Optional.of(
              Hindrance.of(NETWORK_POLICY_REFUSED, "NetworkPolicy", policy, refusal.httpStatus()));
      case DeploymentAction.CutVersion(AgentVersion version) ->
          Optional.of(Hindrance.of(VERSION_REFUSED, "AgentVersion", version, refusal.httpStatus()));
      case DeploymentAction.IsolateNamespace(NetworkPolicy policy) ->
          Optional.of(
              Hindrance.of(NETWORK_POLICY_REFUSED, "NetworkPolicy", policy, refusal.httpStatus()));
      case DeploymentAction.AdoptVersion _,
          DeploymentAction.PruneVersion _,
          DeploymentAction.CreateWarm _,
          DeploymentAction.RemoveWarm _ ->
          Optional.empty();
    };
  }

  private record Hindrance(String reason, String message) {
    static Hindrance of(String reason, String kind, HasMetadata object, int httpStatus) {
      if (httpStatus == HttpURLConnection.HTTP_CONFLICT) {
        return new Hindrance(
            NAME_CONFLICT,
            "%s %s was not made by this operator; it is left alone. Delete it."
                .formatted(kind, object.getMetadata().getName()));
      }
      return new Hindrance(
          reason,
          "The API server refused %s %s (HTTP %d); it is tried again."
              .formatted(kind, object.getMetadata().getName(), httpStatus));
    }
  }

  private static List<Condition> stalled(ConditionWriter writer, String reason, String message) {
    return List.of(
        writer.write(ConditionWriter.READY, false, reason, message),
        writer.write(ConditionWriter.STALLED, true, reason, message));
  }
}
