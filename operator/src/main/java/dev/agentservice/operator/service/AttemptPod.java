package dev.agentservice.operator.service;

import dev.agentservice.operator.sandbox.SandboxPod;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;

/** The sandbox that is made for one attempt, once, and never changed. */
final class AttemptPod {

  private AttemptPod() {}

  /** The pod of the attempt that the status of {@code seen} speaks of. */
  static Pod of(Observation seen, Recipe.Found recipe) {
    var service = seen.service();
    var env = SandboxEnv.of(recipe.template(), seen.lastingSources(), seen.transientSecret());
    return SandboxPod.of(
        new ObjectMetaBuilder()
            .withNamespace(service.getMetadata().getNamespace())
            .withName(ServiceNames.sandbox(service, seen.attempt()))
            .addToLabels(ServiceNames.labels(service, seen.attempt()))
            .addToLabels(Names.DEPLOYMENT_LABEL, recipe.deployment())
            .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
            .withOwnerReferences(service.ownerReference())
            .build(),
        recipe.template(),
        new SandboxPod.Environment(env.env(), env.envFrom()),
        // with transient env the pod would hang in an error: its Secret is gone
        seen.consumesSecret(),
        seen.sandboxes());
  }
}
