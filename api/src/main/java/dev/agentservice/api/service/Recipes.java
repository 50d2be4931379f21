package dev.agentservice.api.service;

import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;

/** Which deployment and version a new service gets. */
final class Recipes {

  private final Catalog catalog;

  Recipes(Catalog catalog) {
    this.catalog = catalog;
  }

  /** A deployment that takes new services. */
  AgentDeployment deployment(String namespace, String name) {
    var deployment =
        catalog.deployment(namespace, name).orElseThrow(() -> deploymentNotFound(name));
    if (Boolean.TRUE.equals(deployment.getSpec().suspended())) {
      throw new Problem(
          ErrorCode.DEPLOYMENT_SUSPENDED, "Agent deployment " + name + " takes no new services.");
    }
    return deployment;
  }

  static Problem deploymentNotFound(String name) {
    return new Problem(
        ErrorCode.DEPLOYMENT_NOT_FOUND, "There is no agent deployment " + Quoted.name(name) + ".");
  }

  /**
   * The version that is asked for, else the deployment's active one.
   *
   * @param asked null where none is named
   */
  AgentVersion version(AgentDeployment deployment, String asked) {
    var metadata = deployment.getMetadata();
    var name = asked == null ? active(deployment) : asked;
    var version =
        catalog
            .version(metadata.getNamespace(), name)
            .orElseThrow(() -> asked == null ? notReady(metadata.getName()) : unknown(asked));
    if (!version.getSpec().deployment().equals(metadata.getName())) {
      throw new Problem(
          ErrorCode.VERSION_OF_ANOTHER_DEPLOYMENT,
          "version_id: " + Quoted.name(name) + " is a version of another agent deployment.");
    }
    return version;
  }

  /** Only what the operator said of this very spec counts. */
  private static String active(AgentDeployment deployment) {
    var status = deployment.getStatus();
    if (status == null
        || status.activeVersion() == null
        || !deployment.getMetadata().getGeneration().equals(status.observedGeneration())) {
      throw notReady(deployment.getMetadata().getName());
    }
    return status.activeVersion();
  }

  private static Problem notReady(String deployment) {
    return new Problem(
        ErrorCode.VERSION_NOT_READY,
        "The current version of agent deployment " + deployment + " is not cut yet.");
  }

  private static Problem unknown(String version) {
    return new Problem(
        ErrorCode.UNKNOWN_VERSION, "version_id: there is no version " + Quoted.name(version) + ".");
  }
}
