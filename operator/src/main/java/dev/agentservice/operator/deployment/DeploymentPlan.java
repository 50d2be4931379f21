package dev.agentservice.operator.deployment;

import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.operator.recipe.Provenance;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What to do about a deployment's versions, its NetworkPolicy and its pool now. */
final class DeploymentPlan {

  private static final int DEFAULT_HISTORY = 10;

  private DeploymentPlan() {}

  static List<DeploymentAction> next(DeploymentObservation seen) {
    var actions = new ArrayList<DeploymentAction>();
    putPolicy(seen).ifPresent(actions::add);
    var current = seen.version(seen.currentName());
    if (current.isEmpty()) {
      actions.add(new DeploymentAction.CutVersion(newVersion(seen)));
    }
    seen.versions().stream()
        .filter(version -> seen.provenance(version) == Provenance.OWNERLESS)
        .map(version -> new DeploymentAction.AdoptVersion(owned(version, seen.deployment())))
        .forEach(actions::add);
    actions.addAll(prune(seen));
    actions.addAll(PoolPlan.next(seen));
    return actions;
  }

  private static Optional<DeploymentAction> putPolicy(DeploymentObservation seen) {
    return seen.network()
        .map(network -> SandboxNetwork.of(seen.deployment(), network))
        .filter(wanted -> seen.policies().stream().noneMatch(there -> isAs(wanted, there, seen)))
        .map(DeploymentAction.PutPolicy::new);
  }

  private static boolean isAs(
      NetworkPolicy wanted, NetworkPolicy there, DeploymentObservation seen) {
    return SandboxNetwork.isAs(wanted, there) && there.hasOwnerReferenceFor(seen.deployment());
  }

  private static List<DeploymentAction> prune(DeploymentObservation seen) {
    var limit = seen.deployment().getSpec().versionHistoryLimit();
    return seen.genuine().stream()
        .filter(version -> isHistory(version, seen))
        .skip(limit == null ? DEFAULT_HISTORY : limit)
        .<DeploymentAction>map(
            version ->
                new DeploymentAction.PruneVersion(
                    version.getMetadata().getName(), version.getMetadata().getUid()))
        .toList();
  }

  /**
   * Neither current, nor active, nor named or run by any service. Nor the newest: it remembers the
   * number, and none is given twice.
   */
  private static boolean isHistory(AgentVersion candidate, DeploymentObservation seen) {
    var version = candidate.getMetadata().getName();
    return candidate.getSpec().number() != seen.highestNumber()
        && !version.equals(seen.currentName())
        && !Objects.equals(version, seen.deployment().getSpec().activeVersion())
        && !seen.referenced().contains(version);
  }

  private static AgentVersion newVersion(DeploymentObservation seen) {
    var deployment = seen.deployment();
    var number = 1 + seen.highestNumber();
    var version = new AgentVersion();
    version.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(deployment.getMetadata().getNamespace())
            .withName(seen.currentName())
            .addToLabels(Names.DEPLOYMENT_LABEL, deployment.getMetadata().getName())
            .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
            .withOwnerReferences(deployment.ownerReference())
            .build());
    version.setSpec(
        new AgentVersionSpec(
            deployment.getMetadata().getName(), number, deployment.getSpec().template()));
    return version;
  }

  private static AgentVersion owned(AgentVersion version, AgentDeployment deployment) {
    var owned = new AgentVersion();
    owned.setMetadata(
        new ObjectMetaBuilder(version.getMetadata())
            .withOwnerReferences(deployment.ownerReference())
            .build());
    owned.setSpec(version.getSpec());
    owned.setStatus(version.getStatus());
    return owned;
  }
}
