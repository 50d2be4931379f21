package dev.agentservice.operator.deployment;

import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/** One write for a deployment, decided before it is done. */
sealed interface DeploymentAction {

  /** Let the deployment's sandboxes reach what its permissions name, and nothing else. */
  record PutPolicy(NetworkPolicy policy) implements DeploymentAction {}

  /** Cut the current template's version. */
  record CutVersion(AgentVersion version) implements DeploymentAction {}

  /** Own a version again that lost its owner, as a restored backup does. */
  record AdoptVersion(AgentVersion version) implements DeploymentAction {}

  /** Close the namespace's sandboxes to the network, before there is one. */
  record IsolateNamespace(NetworkPolicy policy) implements DeploymentAction {}

  /** Let one more sandbox wait. */
  record CreateWarm(Pod pod) implements DeploymentAction {}

  /** Delete a sandbox that waits, unless it was taken since. */
  record RemoveWarm(PoolSandbox sandbox) implements DeploymentAction {}

  /** Delete a version that history no longer keeps. */
  record PruneVersion(String name, String uid) implements DeploymentAction {}

  /** Whether all that comes after it can be done without it. */
  default boolean isUpkeep() {
    return this instanceof AdoptVersion || this instanceof PruneVersion;
  }
}
