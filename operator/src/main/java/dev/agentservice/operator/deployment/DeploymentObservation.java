package dev.agentservice.operator.deployment;

import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.recipe.Provenance;
import dev.agentservice.operator.recipe.RecipeName;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that one pass knows of a deployment.
 *
 * @param versions the AgentVersions that say they are this deployment's, whoever made them
 * @param referenced names of versions that a service names or runs
 * @param services how many services there are, by the word of their phase
 * @param lastStart when the last service began to start that is not ready yet
 * @param policies NetworkPolicies labelled as this deployment's
 * @param pool sandboxes that wait for services of this deployment
 * @param network the cluster's; empty where NetworkPolicies are somebody else's
 * @param sandboxes what every sandbox of this installation has
 * @param refusal the write of this pass that the API server would not do
 * @param seed what makes the names of new sandboxes others than all before
 */
@RecordBuilder
record DeploymentObservation(
    AgentDeployment deployment,
    List<AgentVersion> versions,
    Set<String> referenced,
    Map<String, Integer> services,
    Optional<Instant> lastStart,
    List<NetworkPolicy> policies,
    List<PoolSandbox> pool,
    Optional<ClusterNetwork> network,
    SandboxSettings sandboxes,
    Optional<Refusal> refusal,
    String seed,
    Instant now)
    implements DeploymentObservationBuilder.With {

  /** A write that the API server would not do. */
  record Refusal(DeploymentAction action, int httpStatus) {}

  /** The name that the current template's version has, whether or not it is there. */
  String currentName() {
    return RecipeName.of(deployment.getMetadata().getName(), deployment.getSpec().template());
  }

  Optional<AgentVersion> version(String name) {
    return versions.stream().filter(v -> v.getMetadata().getName().equals(name)).findFirst();
  }

  Provenance provenance(AgentVersion version) {
    return Provenance.of(version, deployment);
  }

  /** The genuine versions, newest first. */
  List<AgentVersion> genuine() {
    return versions.stream()
        .filter(version -> provenance(version) == Provenance.GENUINE)
        .sorted(Comparator.comparing((AgentVersion v) -> v.getSpec().number()).reversed())
        .toList();
  }

  /** The highest number ever given, for a version with it is never pruned; 0 before the first. */
  long highestNumber() {
    return versions.stream()
        .filter(version -> provenance(version) != Provenance.FOREIGN)
        .mapToLong(version -> version.getSpec().number())
        .max()
        .orElse(0);
  }

  DeploymentObservation with(AgentVersion made) {
    var all =
        Stream.concat(
                versions.stream()
                    .filter(v -> !v.getMetadata().getName().equals(made.getMetadata().getName())),
                Stream.of(made))
            .toList();
    return withVersions(all);
  }
}
