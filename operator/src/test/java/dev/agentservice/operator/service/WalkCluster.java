package dev.agentservice.operator.service;

import dev.agentservice.operator.service.WalkWorld.KeptDeployment;
import dev.agentservice.v1alpha1.DesiredState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.function.Predicate;

/** What all is done around a service when nobody is in the way. */
final class WalkCluster {

  private WalkCluster() {}

  /** What the garbage collector takes: children of a service that is no more. */
  static WalkWorld collected(WalkWorld world) {
    var owner = world.service() == null ? "" : world.service().getMetadata().getUid();
    Predicate<HasMetadata> orphaned =
        child ->
            WalkWorld.isOurKind(child)
                && child.getMetadata().getOwnerReferences().stream()
                    .noneMatch(reference -> reference.getUid().equals(owner));
    var next = world;
    for (var pod : world.pods().values()) {
      next = orphaned.test(pod) ? WalkNode.deleted(next, pod) : next;
    }
    for (var front : world.fronts().values()) {
      next =
          orphaned.test(front)
              ? next.withFronts(WalkWorld.without(next.fronts(), front.getMetadata().getName()))
              : next;
    }
    for (var secret : world.secrets().entrySet()) {
      var of = secret.getValue().owner();
      next =
          of != null && of.startsWith("service-") && !of.equals(owner)
              ? next.withoutSecret(secret.getKey())
              : next;
    }
    return next;
  }

  /** All that was in the way is out of it; nothing is asked for. */
  static WalkWorld mended(WalkWorld world) {
    var next =
        WalkAct.cut(world, "echo-v1")
            .withVersions(WalkWorld.RECIPES.keySet())
            .withSettings(true)
            .withSiblingLives(false);
    for (var pod : new ArrayList<>(next.pods().values())) {
      next = WalkWorld.isOurKind(pod) ? next : next.withoutPod(pod.getMetadata().getName());
    }
    for (var front : new ArrayList<>(next.fronts().values())) {
      next =
          WalkWorld.isOurKind(front)
              ? next
              : next.withFronts(WalkWorld.without(next.fronts(), front.getMetadata().getName()));
    }
    return WalkAct.desired(next, DesiredState.RUNNING)
        .spec(spec -> spec.withEnvFrom(null).withTtlSecondsAfterFinished(null));
  }

  /** Nodes and controllers do their work, and all that is under way arrives. */
  static WalkWorld calmed(WalkWorld world) {
    var next = collected(world.withEndpointsFollow(true));
    if (next.deployment() != null) {
      var suspended = next.deployment().suspended();
      next = WalkAct.cut(next, next.deployment().activeVersion());
      next =
          WalkAct.deployment(next, it -> new KeptDeployment(suspended, true, it.activeVersion()));
    }
    while (!next.onTheirWay().isEmpty()) {
      next = WalkAct.arrivesLate(next.withRevision(next.revision() + 1));
    }
    return next;
  }

  static WalkWorld wentOn(WalkWorld world) {
    return collected(WalkAct.pods(world, WalkNode::goesOn));
  }
}
