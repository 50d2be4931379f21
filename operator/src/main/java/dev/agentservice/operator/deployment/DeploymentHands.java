package dev.agentservice.operator.deployment;

import dev.agentservice.operator.PreconditionedDelete;
import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every write for a deployment but that of its status. */
final class DeploymentHands {

  private static final Logger LOG = LoggerFactory.getLogger(DeploymentHands.class);

  private final Context<AgentDeployment> context;
  private final DeploymentCaches caches;

  DeploymentHands(Context<AgentDeployment> context, DeploymentCaches caches) {
    this.context = context;
    this.caches = caches;
  }

  /** Does one action and says what is seen after it. */
  DeploymentObservation apply(DeploymentAction action, DeploymentObservation seen) {
    try {
      return perform(action, seen);
    } catch (KubernetesClientException e) {
      if (!isRefused(action, e.getCode())) {
        throw e;
      }
      LOG.atWarn()
          .addKeyValue("write", action.getClass().getSimpleName())
          .addKeyValue("httpStatus", e.getCode())
          .log("a write was refused");
      return seen.withRefusal(Optional.of(new DeploymentObservation.Refusal(action, e.getCode())));
    }
  }

  /** A conflict means that something changed since it was looked at, but where a name is taken. */
  private static boolean isRefused(DeploymentAction action, int httpStatus) {
    return httpStatus == HttpURLConnection.HTTP_CONFLICT
        ? action instanceof DeploymentAction.PutPolicy
            || action instanceof DeploymentAction.IsolateNamespace
        : httpStatus >= HttpURLConnection.HTTP_BAD_REQUEST;
  }

  private DeploymentObservation perform(DeploymentAction action, DeploymentObservation seen) {
    return switch (action) {
      case DeploymentAction.PutPolicy(NetworkPolicy policy) -> {
        put(policy, seen.deployment());
        yield seen;
      }
      case DeploymentAction.IsolateNamespace(NetworkPolicy policy) -> {
        isolate(policy);
        yield seen;
      }
      case DeploymentAction.CreateWarm(Pod pod) ->
          seen.withPool(and(seen.pool(), context.resourceOperations().create(pod, caches.pool())));
      case DeploymentAction.RemoveWarm(PoolSandbox sandbox) -> {
        new PreconditionedDelete(context.getClient())
            .podAsSeen(
                seen.deployment().getMetadata().getNamespace(),
                sandbox.name(),
                sandbox.uid(),
                sandbox.resourceVersion());
        yield seen;
      }
      case DeploymentAction.CutVersion(AgentVersion version) ->
          // one of that name is there where the cache lags: the pass is made again
          seen.with(context.resourceOperations().create(version, caches.versions()));
      case DeploymentAction.AdoptVersion(AgentVersion version) ->
          seen.with(context.resourceOperations().update(version, caches.versions()));
      case DeploymentAction.PruneVersion(String name, String uid) -> {
        new PreconditionedDelete(context.getClient())
            .agentVersion(seen.deployment().getMetadata().getNamespace(), name, uid);
        yield seen;
      }
    };
  }

  private static List<PoolSandbox> and(List<PoolSandbox> pool, Pod created) {
    return Stream.concat(pool.stream(), Stream.of(PoolSandbox.of(created))).toList();
  }

  /**
   * One that is not as it should be is put right by the first service; one that is foreign stays.
   */
  private void isolate(NetworkPolicy policy) {
    try {
      context.getClient().resource(policy).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          || !SandboxNetwork.isAs(policy, context.getClient().resource(policy).require())) {
        throw e;
      }
    }
  }

  /** One of that name that is not this deployment's is left alone, and the conflict told. */
  private void put(NetworkPolicy policy, AgentDeployment deployment) {
    try {
      context.resourceOperations().create(policy, caches.policies());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      var existing = context.getClient().resource(policy).get();
      if (existing == null || !isOurs(policy, existing, deployment)) {
        throw e;
      }
      policy.getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
      context.resourceOperations().update(policy, caches.policies());
    }
  }

  /** One that lost its owner is known by its labels. */
  private static boolean isOurs(
      NetworkPolicy wanted, NetworkPolicy there, AgentDeployment deployment) {
    return there.hasOwnerReferenceFor(deployment)
        || (there.getMetadata().getOwnerReferences().isEmpty()
            && SandboxNetwork.hasLabelsOf(wanted, there));
  }
}
