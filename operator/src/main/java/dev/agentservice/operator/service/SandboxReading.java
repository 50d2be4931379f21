package dev.agentservice.operator.service;

import dev.agentservice.operator.sandbox.Obstacle;
import dev.agentservice.operator.sandbox.SandboxPod;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads a pod as the kubelet, the scheduler and the node controller describe it. */
final class SandboxReading {

  private SandboxReading() {}

  static Sandbox.Present of(Pod pod) {
    var agent = agent(pod);
    var facts = facts(pod, agent);
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return condition(pod, "DisruptionTarget")
              .filter(target -> "DeletionByTaintManager".equals(target.getReason()))
              .isPresent()
          ? new Sandbox.NodeLost(facts, true)
          : new Sandbox.Leaving(facts);
    }
    if (isOrphan(pod)) {
      return new Sandbox.Orphaned(facts);
    }
    return switch (Objects.requireNonNullElse(facts.phase(), "Pending")) {
      case "Failed", "Succeeded" -> over(pod, agent, facts);
      default -> underWay(pod, agent, facts);
    };
  }

  private static Sandbox.Present over(
      Pod pod, Optional<ContainerStatus> agent, Sandbox.PodFacts facts) {
    if (Obstacle.launcherIsNotInstalled(pod)) {
      return new Sandbox.Waiting(facts, Reason.LAUNCHER_NOT_INSTALLED);
    }
    return startFailure(agent)
        ? new Sandbox.Waiting(facts, Reason.CONTAINER_CANNOT_RUN)
        : new Sandbox.Ended(facts, lastExitOf(pod, agent));
  }

  private static Sandbox.Present underWay(
      Pod pod, Optional<ContainerStatus> agent, Sandbox.PodFacts facts) {
    var state = agent.map(ContainerStatus::getState).orElseGet(ContainerState::new);
    if (state.getRunning() != null) {
      return nodeIsSilent(pod)
          ? new Sandbox.NodeLost(facts, false)
          : new Sandbox.Running(facts, isTrue(pod, "Ready"));
    }
    var obstacle =
        Optional.ofNullable(state.getWaiting())
            .flatMap(Obstacle::of)
            .map(SandboxReading::reason)
            .orElse(null);
    if (state.getTerminated() != null && isNeverRestarted(pod) && !startFailure(agent)) {
      return new Sandbox.Ended(facts, lastExitOf(pod, agent)); // the pod runs on by a sidecar
    }
    if (startFailure(agent) && (obstacle == null || obstacle == Reason.CONTAINER_ERROR)) {
      return new Sandbox.Waiting(facts, Reason.CONTAINER_CANNOT_RUN);
    }
    if (obstacle != null) {
      return new Sandbox.Waiting(facts, obstacle);
    }
    if (Obstacle.launcherIsNotInstalled(pod)) {
      return new Sandbox.Waiting(facts, Reason.LAUNCHER_NOT_INSTALLED);
    }
    return facts.lastExit() != null
        ? new Sandbox.Restarting(facts, facts.lastExit())
        : new Sandbox.Waiting(facts, Obstacle.isUnschedulable(pod) ? Reason.UNSCHEDULABLE : null);
  }

  private static boolean isNeverRestarted(Pod pod) {
    return pod.getSpec() != null && "Never".equals(pod.getSpec().getRestartPolicy());
  }

  /** In the words that status has for it. */
  private static Reason reason(Obstacle obstacle) {
    return Reason.ofWord(obstacle.word());
  }

  private static Sandbox.PodFacts facts(Pod pod, Optional<ContainerStatus> agent) {
    var running = agent.map(ContainerStatus::getState).map(ContainerState::getRunning);
    var ended = lastTermination(agent);
    var supervised = isSupervised(pod);
    var ran = running.isPresent() || ended.filter(exit -> !couldNotStart(exit)).isPresent();
    return new Sandbox.PodFacts(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        pod.getStatus() == null ? null : pod.getStatus().getPhase(),
        pod.getSpec() == null ? null : pod.getSpec().getNodeName(),
        agent.map(ContainerStatus::getRestartCount).orElse(0),
        supervised,
        ran && !supervised,
        since(pod, "PodScheduled"),
        running.map(state -> Instant.parse(state.getStartedAt())).orElse(null),
        since(pod, "Ready"),
        ended.map(SandboxReading::exit).orElse(null),
        ended.flatMap(SandboxReading::run).orElse(null),
        labels(pod));
  }

  private static Sandbox.Exit lastExitOf(Pod pod, Optional<ContainerStatus> agent) {
    var disrupted =
        isTrue(pod, "DisruptionTarget") || "Evicted".equals(pod.getStatus().getReason());
    return lastTermination(agent)
        .map(SandboxReading::exit)
        .filter(_ -> !disrupted)
        .orElseGet(() -> new Sandbox.Exit(137, false, true));
  }

  private static Sandbox.Exit exit(ContainerStateTerminated ended) {
    return new Sandbox.Exit(ended.getExitCode(), "OOMKilled".equals(ended.getReason()), false);
  }

  /** The runtime does not always know: what it lost has no times. */
  private static Optional<Sandbox.Run> run(ContainerStateTerminated ended) {
    return ended.getStartedAt() == null || ended.getFinishedAt() == null
        ? Optional.empty()
        : Optional.of(
            new Sandbox.Run(
                Instant.parse(ended.getStartedAt()), Instant.parse(ended.getFinishedAt())));
  }

  private static Optional<ContainerStateTerminated> lastTermination(
      Optional<ContainerStatus> agent) {
    return agent
        .map(ContainerStatus::getState)
        .map(ContainerState::getTerminated)
        .or(() -> agent.map(ContainerStatus::getLastState).map(ContainerState::getTerminated));
  }

  private static boolean startFailure(Optional<ContainerStatus> agent) {
    return lastTermination(agent).filter(SandboxReading::couldNotStart).isPresent();
  }

  /** The runtime's words for a command that could not be executed at all. */
  private static boolean couldNotStart(ContainerStateTerminated ended) {
    return "StartError".equals(ended.getReason()) || "ContainerCannotRun".equals(ended.getReason());
  }

  /**
   * The node controller takes a pod's Ready away when its node stops reporting, while the last word
   * of the kubelet, that all containers are ready, still stands. A readiness gate that is open, a
   * load balancer's say, looks the same but for the reason.
   */
  private static boolean nodeIsSilent(Pod pod) {
    var gated =
        condition(pod, "Ready")
            .filter(ready -> "ReadinessGatesNotReady".equals(ready.getReason()))
            .isPresent();
    return isTrue(pod, "ContainersReady") && !isTrue(pod, "Ready") && !gated;
  }

  /** The pod garbage collector marks a pod so whose Node object is gone, and then deletes it. */
  private static boolean isOrphan(Pod pod) {
    return condition(pod, "DisruptionTarget")
        .filter(target -> "DeletionByPodGC".equals(target.getReason()))
        .isPresent();
  }

  private static Optional<ContainerStatus> agent(Pod pod) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getName().equals(SandboxPod.CONTAINER))
            .findFirst();
  }

  private static boolean isSupervised(Pod pod) {
    return labels(pod).containsKey(Names.SUPERVISED_LABEL);
  }

  private static Map<String, String> labels(Pod pod) {
    return Objects.requireNonNullElseGet(pod.getMetadata().getLabels(), Map::of);
  }

  private static Optional<PodCondition> condition(Pod pod, String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> condition.getType().equals(type))
            .findFirst();
  }

  private static boolean isTrue(Pod pod, String type) {
    return condition(pod, type).filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  private static Instant since(Pod pod, String type) {
    return condition(pod, type)
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(PodCondition::getLastTransitionTime)
        .map(Instant::parse)
        .orElse(null);
  }
}
