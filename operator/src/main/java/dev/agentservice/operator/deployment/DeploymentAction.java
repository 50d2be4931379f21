package dev.agentservice.operator.deployment;

import dev.agentservice.v1alpha1.AgentVersion;

/** One write for a deployment, decided before it is done. */
sealed interface DeploymentAction {

  /** Cut the current template's version. */
  record CutVersion(AgentVersion version) implements DeploymentAction {}

  /** Own a version again that lost its owner, as a restored backup does. */
  record AdoptVersion(AgentVersion version) implements DeploymentAction {}

  /** Delete a version that history no longer keeps. */
  record PruneVersion(String name, String uid) implements DeploymentAction {}
}
