package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentServiceStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.Map;

/** One write, decided before it is done. */
public sealed interface Action {

  /**
   * Make the transient Secret the service's own and immutable, so that it cannot outlive or change.
   */
  record OwnSecret(String name, String resourceVersion) implements Action {}

  /** Write down which start this is and what it consumes, before anything of it exists. */
  record BeginAttempt(AgentServiceStatus status) implements Action {}

  /** Close the namespace's sandboxes to the network, before there is one. */
  record IsolateNamespace(NetworkPolicy policy) implements Action {}

  record CreateSandbox(Pod pod) implements Action {}

  /** Make a sandbox that waited in its pool this service's own, if nobody else has it yet. */
  record TakeSandbox(Warm.Free pod) implements Action {}

  /** Delete a pod, this very one, with its own grace period. */
  record RemoveSandbox(String name, String uid) implements Action {}

  /**
   * Give a pod back the labels that somebody took off: without them it is in no Service and under
   * no NetworkPolicy, and nobody hears of its end.
   */
  record LabelSandbox(String name, String uid, Map<String, String> labels) implements Action {}

  record CreateFront(Service front) implements Action {}

  /** Let the existing Service select the current attempt. */
  record PointFront(Service front) implements Action {}

  /** Hand the agent's env to the launcher in this pod, which then starts the agent. */
  record DeliverEnv(String pod, String podUid) implements Action {}

  /** Ask the launcher in this pod how the agent is. */
  record AskLauncher(String pod, String podUid) implements Action {}

  /** Write down which process has the env, before the Secret it came from is deleted. */
  record RecordProcess(AgentServiceStatus status) implements Action {}

  /** Let callers from outside come, who are checked by the gateway. */
  record PutRoute(HasMetadata route) implements Action {}

  record RemoveRoute(HasMetadata route) implements Action {}

  /** Delete the record of a service that is over, unless it was changed since. */
  record DeleteRecord() implements Action {}

  /** Delete the transient Secret if it is there and is this service's or nobody's. */
  record ForgetSecret(String name) implements Action {}
}
