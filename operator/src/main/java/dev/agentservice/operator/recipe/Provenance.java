package dev.agentservice.operator.recipe;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import java.util.Objects;

/**
 * Where an AgentVersion comes from. Only a genuine one is ever run: anybody who may create
 * AgentVersions could plant another recipe under an expected name.
 */
public enum Provenance {
  /** Owned by the deployment, and its content hashes to its name. */
  GENUINE,
  /**
   * Its content hashes to its name, but nobody owns it: a restored backup. It may be owned again.
   */
  OWNERLESS,
  /** Anything else. */
  FOREIGN;

  public static Provenance of(AgentVersion version, AgentDeployment deployment) {
    var spec = version.getSpec();
    var deploymentName = deployment.getMetadata().getName();
    var named =
        Objects.equals(spec.deployment(), deploymentName)
            && version
                .getMetadata()
                .getName()
                .equals(RecipeName.of(deploymentName, spec.template()));
    if (!named) {
      return FOREIGN;
    }
    if (version.getMetadata().getOwnerReferences().isEmpty()) {
      return OWNERLESS;
    }
    return version.hasOwnerReferenceFor(deployment) ? GENUINE : FOREIGN;
  }
}
