package dev.agentservice.operator.service;

import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.operator.service.WalkWorld.KeptLauncher;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Optional;

/** What becomes of a deployment's waiting sandboxes, but for what the service does with them. */
final class WalkPool {

  static final SandboxSettings SANDBOXES =
      new SandboxSettings(Optional.of("registry.example/launcher:1"), false);
  private static final String OTHER_UID = "other-uid";
  private static final int SIZE = 2;

  private WalkPool() {}

  /** One more waits, of the version that services get now. */
  static WalkWorld fills(WalkWorld world) {
    var waiting = world.pods().values().stream().filter(WalkPool::isFree).count();
    if (world.deployment() == null || waiting == SIZE) {
      return world;
    }
    var version = version(world.deployment().activeVersion());
    if (version.getSpec().template().command() == null) {
      return world;
    }
    var pod =
        WalkHands.made(
            WarmPod.of(deployment(), version, SANDBOXES, "seed-" + world.revision()), world);
    var name = pod.getMetadata().getName();
    var scheduled = WalkNode.schedules(world.put(pod), pod);
    var running = WalkNode.runs(scheduled, scheduled.pods().get(name));
    return WalkNode.becomesReady(running, running.pods().get(name));
  }

  /** Those that wait are drained, or too many. */
  static WalkWorld leaves(WalkWorld world) {
    return each(world, WalkNode::deleted);
  }

  /** Another service makes them its own; its agent is started later. */
  static WalkWorld isTakenByAnother(WalkWorld world) {
    return each(
        world,
        (it, pod) ->
            it.put(
                new PodBuilder(pod)
                    .editMetadata()
                    .withOwnerReferences(
                        new OwnerReferenceBuilder()
                            .withKind("AgentService")
                            .withUid(OTHER_UID)
                            .build())
                    .removeFromLabels(Names.WARM_LABEL)
                    .addToLabels(Names.SERVICE_UID_LABEL, OTHER_UID)
                    .endMetadata()
                    .build()));
  }

  /** The other service's agent is started in what it took. */
  static WalkWorld isStartedByAnother(WalkWorld world) {
    var next = world;
    for (var pod : world.pods().values()) {
      var uid = pod.getMetadata().getUid();
      if (isOf(OTHER_UID, pod) && !next.launchers().containsKey(uid)) {
        next = next.put(uid, new KeptLauncher(OTHER_UID + "/1", next.revision(), true, 0));
      }
    }
    return next;
  }

  /** Whether it is a sandbox that no service has taken. */
  static boolean isFree(HasMetadata pod) {
    var labels = pod.getMetadata().getLabels();
    return labels != null && labels.containsKey(Names.WARM_LABEL);
  }

  static boolean isOf(String uid, HasMetadata child) {
    return child.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> uid.equals(owner.getUid()));
  }

  private static WalkWorld each(WalkWorld world, WalkAct.PodChange change) {
    var next = world;
    for (Pod pod : world.pods().values()) {
      next = isFree(pod) ? change.apply(next, pod) : next;
    }
    return next;
  }

  private static AgentDeployment deployment() {
    var deployment = new AgentDeployment();
    deployment.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("tenant")
            .withName("echo")
            .withUid("deployment-uid")
            .build());
    return deployment;
  }

  private static AgentVersion version(String name) {
    var version = new AgentVersion();
    version.setMetadata(new ObjectMetaBuilder().withNamespace("tenant").withName(name).build());
    version.setSpec(new AgentVersionSpec("echo", 1L, WalkWorld.RECIPES.get(name)));
    return version;
  }
}
