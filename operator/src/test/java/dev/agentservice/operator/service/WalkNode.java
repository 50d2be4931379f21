package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.WalkWorld.CANARY;

import dev.agentservice.operator.sandbox.SandboxPod;
import dev.agentservice.operator.service.WalkWorld.KeptLauncher;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What scheduler, kubelet and node controller make of a pod. A step that a real one would not take
 * changes nothing. Every free text of theirs holds the canary.
 */
final class WalkNode {

  private WalkNode() {}

  static WalkWorld schedules(WalkWorld world, Pod pod) {
    return isScheduled(pod) || isOver(pod)
        ? world
        : world.put(
            new PodBuilder(pod)
                .editSpec()
                .withNodeName("node-1")
                .endSpec()
                .withStatus(
                    new PodBuilder(pod)
                        .editOrNewStatus()
                        .withPhase("Pending")
                        .withConditions(conditions(world.now(), pod, "PodScheduled", true, null))
                        .endStatus()
                        .buildStatus())
                .build());
  }

  static WalkWorld findsNoNode(WalkWorld world, Pod pod) {
    return isScheduled(pod)
        ? world
        : world.put(
            new PodBuilder(pod)
                .editOrNewStatus()
                .withPhase("Pending")
                .withConditions(
                    conditions(world.now(), pod, "PodScheduled", false, "Unschedulable"))
                .endStatus()
                .build());
  }

  /** Starts the agent, the first time or again; what its env names must be there. */
  static WalkWorld runs(WalkWorld world, Pod pod) {
    if (!isScheduled(pod) || isOver(pod) || isRunning(pod) || isLeaving(pod)) {
      return world;
    }
    if (!hasItsEnv(world, pod)) {
      return waits(world, pod, "CreateContainerConfigError");
    }
    var before = agent(pod);
    var again = before.getLastState() != null && before.getLastState().getTerminated() != null;
    var running =
        new ContainerStatusBuilder(before)
            .withState(new ContainerStateBuilder().withNewRunning(world.now().toString()).build())
            .withRestartCount(before.getRestartCount() + (again ? 1 : 0))
            .build();
    return injected(world.put(agentIs(world, pod, "Running", running, false)), pod);
  }

  static WalkWorld becomesReady(WalkWorld world, Pod pod) {
    return isRunning(pod) && !isReady(pod) && !isLeaving(pod) && !isStarting(world, pod)
        ? world.put(agentIs(world, pod, "Running", agent(pod), true))
        : world;
  }

  /** The agent that a launcher started answers; the pod is Ready when the kubelet looks again. */
  static WalkWorld answers(WalkWorld world, Pod pod) {
    var launcher = launcher(world, pod);
    return launcher == null || launcher.serving() || !isRunning(pod) || isLeaving(pod)
        ? world
        : world.put(
            pod.getMetadata().getUid(),
            new KeptLauncher(launcher.attempt(), launcher.processId(), true, launcher.restarts()));
  }

  /** The agent ends, and its launcher starts it again; the kubelet's next probe sees that. */
  static WalkWorld restarts(WalkWorld world, Pod pod) {
    var launcher = launcher(world, pod);
    if (launcher == null || !isRunning(pod) || isLeaving(pod)) {
      return world;
    }
    var later = world.withNow(world.now().plusSeconds(1));
    return later
        .put(
            pod.getMetadata().getUid(),
            new KeptLauncher(launcher.attempt(), world.revision(), false, launcher.restarts() + 1))
        .put(agentIs(later, pod, "Running", agent(pod), false));
  }

  /** The same, and what the kubelet saw of it comes as one word: Ready, since a moment ago. */
  static WalkWorld restartsUnseen(WalkWorld world, Pod pod) {
    if (!isReady(pod)) {
      return world;
    }
    var restarted = answers(restarts(world, pod), pod);
    return restarted.put(agentIs(restarted, pod, "Running", agent(pod), true));
  }

  private static KeptLauncher launcher(WalkWorld world, Pod pod) {
    return world.launchers().get(pod.getMetadata().getUid());
  }

  private static boolean isStarting(WalkWorld world, Pod pod) {
    return launcher(world, pod) != null && !launcher(world, pod).serving();
  }

  static WalkWorld failsItsProbe(WalkWorld world, Pod pod) {
    return isReady(pod) ? world.put(agentIs(world, pod, "Running", agent(pod), false)) : world;
  }

  static WalkWorld exits(WalkWorld world, Pod pod, int code, String reason) {
    if (!isRunning(pod) || isOver(pod)) {
      return world;
    }
    var ended =
        new ContainerStateBuilder()
            .withNewTerminated()
            .withExitCode(code)
            .withReason(reason)
            .withMessage(CANARY)
            .endTerminated()
            .build();
    var status = new ContainerStatusBuilder(agent(pod));
    return pod.getSpec().getRestartPolicy().equals("Never")
        ? world.put(
            agentIs(
                world,
                pod,
                code == 0 ? "Succeeded" : "Failed",
                status.withState(ended).build(),
                false))
        : world.put(
            agentIs(
                world,
                pod,
                "Running",
                status.withState(waiting("CrashLoopBackOff")).withLastState(ended).build(),
                false));
  }

  /** The kubelet cannot start the container, and says why in {@code reason}. */
  static WalkWorld waits(WalkWorld world, Pod pod, String reason) {
    return !isScheduled(pod) || isOver(pod) || everRan(pod) || waitsFor(pod).equals(reason)
        ? world
        : world.put(
            agentIs(
                world,
                pod,
                "Pending",
                new ContainerStatusBuilder(agent(pod)).withState(waiting(reason)).build(),
                false));
  }

  static WalkWorld evicts(WalkWorld world, Pod pod) {
    return !isScheduled(pod) || isOver(pod)
        ? world
        : world.put(
            new PodBuilder(agentIs(world, pod, "Failed", agent(pod), false))
                .editStatus()
                .withReason("Evicted")
                .withMessage(CANARY)
                .endStatus()
                .build());
  }

  /** The node stops reporting: the last word of its kubelet still stands. */
  static WalkWorld isLost(WalkWorld world, Pod pod) {
    return isReady(pod)
        ? world.put(
            new PodBuilder(pod)
                .editStatus()
                .withConditions(conditions(world.now(), pod, "Ready", false, null))
                .endStatus()
                .build())
        : world;
  }

  static WalkWorld isEvictedByTaint(WalkWorld world, Pod pod) {
    return isLeaving(pod) || !isScheduled(pod)
        ? world
        : deleted(
            world,
            new PodBuilder(pod)
                .editOrNewStatus()
                .withConditions(
                    conditions(
                        world.now(), pod, "DisruptionTarget", true, "DeletionByTaintManager"))
                .endStatus()
                .build());
  }

  /** A pod that no node has is gone at once; another is given its grace period. */
  static WalkWorld deleted(WalkWorld world, Pod pod) {
    if (!isScheduled(pod)) {
      return world.withoutPod(pod.getMetadata().getName());
    }
    return isLeaving(pod)
        ? world
        : world.put(
            new PodBuilder(pod)
                .editMetadata()
                .withDeletionTimestamp(world.now().toString())
                .endMetadata()
                .build());
  }

  static WalkWorld isGone(WalkWorld world, Pod pod) {
    return isLeaving(pod) ? world.withoutPod(pod.getMetadata().getName()) : world;
  }

  /** The next step of a pod to which nothing bad happens. */
  static WalkWorld goesOn(WalkWorld world, Pod pod) {
    if (isLeaving(pod)) {
      return isGone(world, pod);
    }
    if (isDoomed(pod)) {
      return world;
    }
    if (!isScheduled(pod)) {
      return schedules(world, pod);
    }
    if (isRunning(pod) && isStarting(world, pod)) {
      return answers(world, pod);
    }
    return isRunning(pod) ? becomesReady(world, pod) : runs(world, pod);
  }

  static boolean isReady(Pod pod) {
    return isTrue(pod, "Ready");
  }

  static boolean isScheduled(Pod pod) {
    return pod.getSpec().getNodeName() != null;
  }

  private static boolean isLeaving(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  static boolean isRunning(Pod pod) {
    return !isOver(pod)
        && agent(pod).getState() != null
        && agent(pod).getState().getRunning() != null;
  }

  private static boolean everRan(Pod pod) {
    var last = agent(pod).getLastState();
    return isRunning(pod) || (last != null && last.getTerminated() != null);
  }

  private static boolean isOver(Pod pod) {
    return pod.getStatus() != null
        && ("Failed".equals(pod.getStatus().getPhase())
            || "Succeeded".equals(pod.getStatus().getPhase()));
  }

  /** No node, no image: nothing that mends itself. */
  private static boolean isDoomed(Pod pod) {
    var scheduling =
        pod.getStatus() == null ? List.<PodCondition>of() : pod.getStatus().getConditions();
    return waitsFor(pod).contains("Image")
        || scheduling.stream().anyMatch(c -> "Unschedulable".equals(c.getReason()));
  }

  private static String waitsFor(Pod pod) {
    var state = agent(pod).getState();
    return state != null && state.getWaiting() != null ? state.getWaiting().getReason() : "";
  }

  private static boolean isTrue(Pod pod, String type) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
  }

  private static ContainerStatus agent(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getContainerStatuses().isEmpty()
        ? new ContainerStatusBuilder().withName(SandboxPod.CONTAINER).withRestartCount(0).build()
        : pod.getStatus().getContainerStatuses().getFirst();
  }

  private static Pod agentIs(
      WalkWorld world, Pod pod, String phase, ContainerStatus agent, boolean ready) {
    var containersReady = conditions(world.now(), pod, "ContainersReady", ready, null);
    var changed =
        new PodBuilder(pod).editOrNewStatus().withConditions(containersReady).endStatus().build();
    return new PodBuilder(changed)
        .editStatus()
        .withPhase(phase)
        .withContainerStatuses(agent)
        .withConditions(conditions(world.now(), changed, "Ready", ready, null))
        .endStatus()
        .build();
  }

  private static ContainerState waiting(String reason) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(CANARY)
        .endWaiting()
        .build();
  }

  private static List<PodCondition> conditions(
      Instant now, Pod pod, String type, boolean status, String reason) {
    var conditions = new ArrayList<PodCondition>();
    if (pod.getStatus() != null) {
      pod.getStatus().getConditions().stream()
          .filter(other -> !other.getType().equals(type))
          .forEach(conditions::add);
    }
    conditions.add(
        new PodConditionBuilder()
            .withType(type)
            .withStatus(status ? "True" : "False")
            .withReason(reason)
            .withMessage(CANARY)
            .withLastTransitionTime(now.toString())
            .build());
    return conditions;
  }

  private static boolean hasItsEnv(WalkWorld world, Pod pod) {
    return envFrom(pod).stream()
        .allMatch(
            source ->
                source.getSecretRef() != null
                    ? world.secrets().containsKey(source.getSecretRef().getName())
                    : world.settings());
  }

  private static WalkWorld injected(WalkWorld world, Pod pod) {
    var injected = world.injected();
    for (var source : envFrom(pod)) {
      if (source.getSecretRef() != null) {
        var secret = world.secrets().get(source.getSecretRef().getName());
        var pods = new TreeSet<>(injected.getOrDefault(secret.uid(), new TreeSet<>()));
        pods.add(pod.getMetadata().getName());
        injected = WalkWorld.with(injected, secret.uid(), pods);
      }
    }
    return world.withInjected(injected);
  }

  /** A launcher got what a Secret brought; one that had it before and is gone counts no more. */
  static WalkWorld injected(WalkWorld world, Pod pod, String secretName) {
    if (secretName == null) {
      return world;
    }
    var secret = world.secrets().get(secretName).uid();
    var pods = new TreeSet<>(world.injected().getOrDefault(secret, new TreeSet<>()));
    pods.retainAll(world.pods().keySet());
    pods.add(pod.getMetadata().getName());
    return world.withInjected(WalkWorld.with(world.injected(), secret, pods));
  }

  private static List<EnvFromSource> envFrom(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getEnvFrom();
  }
}
