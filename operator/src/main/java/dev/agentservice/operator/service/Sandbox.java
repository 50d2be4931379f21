package dev.agentservice.operator.service;

import java.time.Instant;
import java.util.Map;

/** The current attempt's sandbox as the cluster shows it. A terminating one is always Leaving. */
public sealed interface Sandbox {

  /** There is no pod of this attempt. */
  record Absent() implements Sandbox {}

  /** The pod's name is taken by an object that is not ours. */
  record Foreign(String name) implements Sandbox {}

  /** The pod's name is still held by a child of a former service of the same name. */
  record Former(String name) implements Sandbox {}

  /** The one that status names waits in its pool still: this service has yet to take it. */
  record Untaken(Warm.Free pod) implements Sandbox {}

  /** The one that status names went to somebody else, or is gone, before this service had it. */
  record Missed(String name) implements Sandbox {}

  /** A pod is there. */
  sealed interface Present extends Sandbox {
    PodFacts pod();
  }

  /** Whether a launcher runs in it, which starts the agent and knows its process. */
  default boolean isSupervised() {
    return this instanceof Present present && present.pod().supervised();
  }

  /** The agent does not run yet; {@code obstacle} says what is in the way, null when nothing is. */
  record Waiting(PodFacts pod, Reason obstacle) implements Present {}

  /**
   * The agent runs, or the launcher that starts it as soon as it has its env; {@code ready} is the
   * pod's own word.
   */
  record Running(PodFacts pod, boolean ready) implements Present {}

  /** The agent exited and the node will start it again in the same pod. */
  record Restarting(PodFacts pod, Exit last) implements Present {}

  /** The agent exited for good. */
  record Ended(PodFacts pod, Exit last) implements Present {}

  /** The pod is being deleted. */
  record Leaving(PodFacts pod) implements Present {}

  /**
   * The pod's node no longer reports; {@code leaving}: the pod is being deleted and goes once the
   * node is back or deleted, too.
   */
  record NodeLost(PodFacts pod, boolean leaving) implements Present {}

  /** The pod's node is no longer part of the cluster, which is about to delete the pod. */
  record Orphaned(PodFacts pod) implements Present {}

  /**
   * What a status shows of a pod.
   *
   * @param phase the pod's own phase
   * @param node null until scheduled
   * @param restarts how often the node restarted the agent in this pod
   * @param supervised whether a launcher starts the agent: then only that one knows whether it did
   * @param everRan whether the node ever started the agent's process: then it has its env
   * @param agentStartedAt when the running process was started; null while none runs
   * @param readyAt when the pod became Ready; null while it is not
   * @param lastRun when the process that exited last was started, and when it exited; null before
   * @param labels by which policies, Services and caches find it
   */
  record PodFacts(
      String name,
      String uid,
      String phase,
      String node,
      int restarts,
      boolean supervised,
      boolean everRan,
      Instant scheduledAt,
      Instant agentStartedAt,
      Instant readyAt,
      Exit lastExit,
      Run lastRun,
      Map<String, String> labels) {}

  /** How long a process lived. */
  record Run(Instant startedAt, Instant endedAt) {}

  /** How a process ended. */
  record Exit(int code, boolean outOfMemory, boolean evicted) {}
}
