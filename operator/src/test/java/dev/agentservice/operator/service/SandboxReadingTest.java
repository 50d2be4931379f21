package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.Connection;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pods as a kubelet 1.35, the scheduler and the node controller describe them. */
class SandboxReadingTest {

  /** What the operator does not read, no sandbox is read from. */
  private static final KubernetesSerialization READING = Connection.serialization();

  static Stream<Arguments> pods() {
    return Stream.of(
        // ---- before the agent runs
        arguments("just created", pod(""), "Waiting"),
        arguments(
            "no node has room",
            pod(
                """
                phase: Pending
                conditions:
                - {type: PodScheduled, status: "False", reason: Unschedulable, message: "0/1 nodes are available"}
                """),
            "Waiting Unschedulable"),
        arguments("being prepared", pending("ContainerCreating", ""), "Waiting"),
        arguments("no such image", pending("ErrImagePull", ""), "Waiting ImagePullFailed"),
        arguments(
            "still no such image", pending("ImagePullBackOff", ""), "Waiting ImagePullFailed"),
        arguments("never pulled", pending("ErrImageNeverPull", ""), "Waiting ImagePullFailed"),
        arguments("not an image name", pending("InvalidImageName", ""), "Waiting InvalidImageName"),
        arguments(
            "image of root",
            pending(
                "CreateContainerConfigError",
                "container has runAsNonRoot and image will run as root (pod: shop, container: agent)"),
            "Waiting RunsAsRoot"),
        arguments(
            "image of a named user",
            pending(
                "CreateContainerConfigError",
                "container has runAsNonRoot and image has non-numeric user (node), cannot verify user is non-root"),
            "Waiting RunsAsRoot"),
        arguments(
            "envFrom names nothing",
            pending("CreateContainerConfigError", "secret 'x' not found"),
            "Waiting CreateContainerConfigError"),
        arguments(
            "the runtime was too slow",
            pending("CreateContainerError", "context deadline exceeded"),
            "Waiting CreateContainerError"),
        arguments(
            "the runtime could not start it",
            pending("RunContainerError", ""),
            "Waiting CreateContainerError"),
        arguments(
            "the runtime was too slow when the node started it again",
            running(
                """
                state: {waiting: {reason: CreateContainerError, message: context deadline exceeded}}
                lastState: {terminated: {exitCode: 1, reason: Error}}
                restartCount: 1
                """),
            "Waiting CreateContainerError"),
        arguments(
            "no such command",
            running(
                """
                state: {waiting: {reason: RunContainerError, message: 'exec: "x": not found'}}
                lastState: {terminated: {exitCode: 128, reason: StartError, message: 'exec: "x": not found'}}
                restartCount: 0
                """),
            "Waiting ContainerCannotRun"),
        arguments("a word not known", pending("SomethingNew", ""), "Waiting"),
        arguments(
            "no such command, tried again",
            running(
                """
                state: {waiting: {reason: CrashLoopBackOff}}
                lastState: {terminated: {exitCode: 128, reason: StartError, message: 'exec: "x": not found'}}
                restartCount: 2
                """),
            "Waiting ContainerCannotRun"),
        arguments(
            "no such command, not tried again",
            over(
                "Failed",
                "state: {terminated: {exitCode: 128, reason: StartError, message: 'exec: not found'}}"),
            "Waiting ContainerCannotRun"),
        // ---- running
        arguments("running, check fails", running(RUNS, "False", "False"), "Running"),
        arguments("running, ready", running(RUNS, "True", "True"), "Running ready"),
        arguments("running again", running(RUNS_AGAIN, "True", "True"), "Running ready"),
        arguments("node silent", running(RUNS, "True", "False"), "NodeLost"),
        arguments("node silent, status unknown", running(RUNS, "True", "Unknown"), "NodeLost"),
        // ---- exits that the node makes good
        arguments(
            "just exited",
            running("state: {terminated: {exitCode: 1, reason: Error}}\nrestartCount: 0"),
            "Restarting 1"),
        arguments(
            "just completed",
            running("state: {terminated: {exitCode: 0, reason: Completed}}\nrestartCount: 0"),
            "Restarting 0"),
        arguments("backing off", running(backOff(1, "Error")), "Restarting 1"),
        arguments("out of memory", running(backOff(137, "OOMKilled")), "Restarting 137 memory"),
        arguments(
            "runtime lost it", running(backOff(137, "ContainerStatusUnknown")), "Restarting 137"),
        arguments(
            "its image is gone since",
            running(
                """
                state: {waiting: {reason: ImagePullBackOff}}
                lastState: {terminated: {exitCode: 1, reason: Error}}
                restartCount: 1
                """),
            "Waiting ImagePullFailed"),
        arguments(
            "its lasting Secret is gone since",
            running(
                """
                state: {waiting: {reason: CreateContainerConfigError, message: 'secret "x" not found'}}
                lastState: {terminated: {exitCode: 1, reason: Error}}
                restartCount: 1
                """),
            "Waiting CreateContainerConfigError"),
        // ---- exits for good
        arguments(
            "completed",
            over("Succeeded", "state: {terminated: {exitCode: 0, reason: Completed}}"),
            "Ended 0"),
        arguments(
            "failed",
            over("Failed", "state: {terminated: {exitCode: 3, reason: Error}}"),
            "Ended 3"),
        arguments(
            "killed for memory",
            over("Failed", "state: {terminated: {exitCode: 137, reason: OOMKilled}}"),
            "Ended 137 memory"),
        arguments(
            "evicted for disk",
            over(
                "Failed",
                "state: {terminated: {exitCode: 137, reason: Error}}",
                "reason: Evicted",
                "{type: DisruptionTarget, status: 'True', reason: TerminationByKubelet}"),
            "Ended 137 evicted"),
        arguments(
            "killed for memory while the node evicts",
            over(
                "Failed",
                "state: {terminated: {exitCode: 137, reason: OOMKilled}}",
                "reason: Evicted",
                "{type: DisruptionTarget, status: 'True', reason: TerminationByKubelet}"),
            "Ended 137 evicted"),
        arguments(
            "node shut down",
            over(
                "Failed",
                "state: {terminated: {exitCode: 143, reason: Error}}",
                "reason: Terminated",
                "{type: DisruptionTarget, status: 'True', reason: TerminationByKubelet}"),
            "Ended 137 evicted"),
        arguments(
            "the kubelet would not take it",
            pod("phase: Failed\nreason: OutOfcpu\nmessage: Pod was rejected"),
            "Ended 137 evicted"),
        arguments(
            "its node is gone",
            withAgent(
                "phase: Failed",
                RUNS,
                "True",
                "False",
                "{type: DisruptionTarget, status: 'True', reason: DeletionByPodGC}"),
            "Orphaned"),
        // ---- going
        arguments("being deleted", leaving(running(RUNS, "True", "True")), "Leaving"),
        arguments(
            "preempted",
            leaving(
                running(
                    RUNS,
                    "True",
                    "True",
                    "{type: DisruptionTarget, status: 'True', reason: PreemptionByScheduler}")),
            "Leaving"),
        arguments(
            "deleted because its node is lost",
            leaving(
                running(
                    RUNS,
                    "True",
                    "False",
                    "{type: DisruptionTarget, status: 'True', reason: DeletionByTaintManager}")),
            "NodeLost"),
        arguments(
            "ended while being deleted",
            leaving(over("Failed", "state: {terminated: {exitCode: 137, reason: Error}}")),
            "Leaving"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pods")
  void read(String what, Pod pod, String expected) {
    assertThat(words(SandboxReading.of(pod))).as(what).isEqualTo(expected);
  }

  @Test
  void factsOfARunningPod() {
    var pod = SandboxReading.of(running(RUNS_AGAIN, "True", "True")).pod();

    assertThat(pod)
        .isEqualTo(
            new Sandbox.PodFacts(
                "shop-x",
                "pod-uid",
                "Running",
                "node-1",
                3,
                false,
                true,
                Instant.parse("2026-01-01T00:00:01Z"),
                Instant.parse("2026-01-01T00:00:09Z"),
                Instant.parse("2026-01-01T00:00:12Z"),
                new Sandbox.Exit(1, false, false),
                new Sandbox.Run(
                    Instant.parse("2026-01-01T00:00:02Z"), Instant.parse("2026-01-01T00:00:08Z")),
                Map.of()));
  }

  @Test
  void aProcessThatNeverStartedHadNoEnv() {
    var cannotStart = over("Failed", "state: {terminated: {exitCode: 128, reason: StartError}}");

    assertThat(SandboxReading.of(cannotStart).pod().everRan()).isFalse();
    assertThat(SandboxReading.of(pending("ContainerCreating", "")).pod().everRan()).isFalse();
    assertThat(SandboxReading.of(running(backOff(1, "Error"))).pod().everRan()).isTrue();
  }

  /** A mesh puts containers of its own beside the agent. */
  @Test
  void onlyTheAgentCounts() {
    var pod = running(RUNS, "True", "True");
    var other = running(backOff(1, "Error")).getStatus().getContainerStatuses().getFirst();
    other.setName("proxy");
    var agent = pod.getStatus().getContainerStatuses().getFirst();
    pod.getStatus().setContainerStatuses(List.of(other, agent));

    assertThat(words(SandboxReading.of(pod))).isEqualTo("Running ready");
  }

  @Test
  void aReadinessGateIsNoLostNode() {
    var pod = running(RUNS, "True", "False");
    pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .forEach(ready -> ready.setReason("ReadinessGatesNotReady"));

    assertThat(words(SandboxReading.of(pod))).isEqualTo("Running");
  }

  /** A sidecar that something injected keeps the pod running when the agent is done. */
  @Test
  void anAgentThatIsNotRestartedHasEndedThoughItsPodRuns() {
    var exited = running("state: {terminated: {exitCode: 3, reason: Error}}\nrestartCount: 0");
    exited.getSpec().setRestartPolicy("Never");
    var cannotStart = running("state: {terminated: {exitCode: 128, reason: StartError}}");
    cannotStart.getSpec().setRestartPolicy("Never");

    assertThat(words(SandboxReading.of(exited))).isEqualTo("Ended 3");
    assertThat(words(SandboxReading.of(cannotStart))).isEqualTo("Waiting ContainerCannotRun");
  }

  private static String words(Sandbox.Present sandbox) {
    return switch (sandbox) {
      case Sandbox.Waiting waiting ->
          "Waiting" + (waiting.obstacle() == null ? "" : " " + waiting.obstacle().word());
      case Sandbox.Running running -> running.ready() ? "Running ready" : "Running";
      case Sandbox.Restarting restarting -> "Restarting " + words(restarting.last());
      case Sandbox.Ended ended -> "Ended " + words(ended.last());
      case Sandbox.Leaving _ -> "Leaving";
      case Sandbox.Orphaned _ -> "Orphaned";
      case Sandbox.NodeLost _ -> "NodeLost";
    };
  }

  private static String words(Sandbox.Exit exit) {
    return exit.code() + (exit.outOfMemory() ? " memory" : "") + (exit.evicted() ? " evicted" : "");
  }

  // ---- pods

  private static final String RUNS =
      "state: {running: {startedAt: '2026-01-01T00:00:02Z'}}\nrestartCount: 0";

  private static final String RUNS_AGAIN =
      """
      state: {running: {startedAt: '2026-01-01T00:00:09Z'}}
      lastState: {terminated: {exitCode: 1, reason: Error, startedAt: '2026-01-01T00:00:02Z', finishedAt: '2026-01-01T00:00:08Z'}}
      restartCount: 3
      """;

  private static String backOff(int exitCode, String reason) {
    return """
        state: {waiting: {reason: CrashLoopBackOff, message: back-off 10s restarting failed container}}
        lastState: {terminated: {exitCode: %d, reason: %s}}
        restartCount: 1
        """
        .formatted(exitCode, reason);
  }

  private static Pod pending(String reason, String message) {
    return pod(
        """
        phase: Pending
        conditions:
        - {type: PodScheduled, status: "True", lastTransitionTime: "2026-01-01T00:00:01Z"}
        - {type: Ready, status: "False", reason: ContainersNotReady, lastTransitionTime: "2026-01-01T00:00:01Z"}
        - {type: ContainersReady, status: "False", reason: ContainersNotReady, lastTransitionTime: "2026-01-01T00:00:01Z"}
        containerStatuses:
        - name: agent
          restartCount: 0
          state: {waiting: {reason: %s, message: "%s"}}
        """
            .formatted(reason, message));
  }

  private static Pod running(String agent) {
    return running(agent, "False", "False");
  }

  private static Pod running(String agent, String containersReady, String ready, String... more) {
    return withAgent("phase: Running", agent, containersReady, ready, more);
  }

  private static Pod over(String phase, String agent) {
    return withAgent("phase: " + phase, agent, "False", "False");
  }

  private static Pod over(String phase, String agent, String reason, String condition) {
    return withAgent("phase: " + phase + "\n" + reason, agent, "False", "False", condition);
  }

  private static Pod withAgent(
      String head, String agent, String containersReady, String ready, String... conditions) {
    var more = Stream.of(conditions).map(condition -> "- " + condition + "\n").toList();
    return pod(
        """
        %s
        conditions:
        - {type: PodScheduled, status: "True", lastTransitionTime: "2026-01-01T00:00:01Z"}
        - {type: ContainersReady, status: "%s", lastTransitionTime: "2026-01-01T00:00:12Z"}
        - {type: Ready, status: "%s", lastTransitionTime: "2026-01-01T00:00:12Z"}
        %scontainerStatuses:
        - name: agent
        %s"""
            .formatted(head, containersReady, ready, String.join("", more), agent.indent(2)));
  }

  private static Pod pod(String status) {
    return READING.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: shop-x, uid: pod-uid}
        spec: {nodeName: node-1, containers: [{name: agent}]}
        status:
        %s"""
            .formatted(status.indent(2)),
        Pod.class);
  }

  private static Pod leaving(Pod pod) {
    pod.getMetadata().setDeletionTimestamp("2026-01-01T00:05:00Z");
    return pod;
  }
}
