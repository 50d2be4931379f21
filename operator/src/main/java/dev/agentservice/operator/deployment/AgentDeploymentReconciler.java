package dev.agentservice.operator.deployment;

import dev.agentservice.operator.EventRecorder;
import dev.agentservice.operator.PreconditionedDelete;
import dev.agentservice.operator.QuietWhenDeleted;
import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a version for every recipe a deployment had, and says which one new services get. */
@ControllerConfiguration(name = AgentDeploymentReconciler.NAME)
public final class AgentDeploymentReconciler
    implements Reconciler<AgentDeployment>, QuietWhenDeleted<AgentDeployment> {

  public static final String NAME = "agentdeployment";

  private static final Logger LOG = LoggerFactory.getLogger(AgentDeploymentReconciler.class);

  private static final Duration REFUSED_WAIT = Duration.ofSeconds(30);

  private final Clock clock;
  private final EventRecorder events;
  private final Optional<ClusterNetwork> network;
  private final CountsPace pace = new CountsPace();
  private DeploymentCaches caches;

  public AgentDeploymentReconciler(
      Clock clock, EventRecorder events, Optional<ClusterNetwork> network) {
    this.clock = clock;
    this.events = events;
    this.network = network;
  }

  @Override
  public List<EventSource<?, AgentDeployment>> prepareEventSources(
      EventSourceContext<AgentDeployment> context) {
    caches = new DeploymentCaches(context, network);
    return caches.all();
  }

  @Override
  public UpdateControl<AgentDeployment> reconcile(
      AgentDeployment deployment, Context<AgentDeployment> context) {
    if (deployment.isMarkedForDeletion()) {
      pace.forget(deployment);
      return UpdateControl.noUpdate(); // owner references take the versions along
    }
    var seen = caches.look(deployment, clock.instant());
    for (var action : DeploymentPlan.next(seen)) {
      try {
        seen = apply(action, seen, context);
      } catch (KubernetesClientException e) {
        if (e.getCode() < HttpURLConnection.HTTP_BAD_REQUEST) {
          throw e;
        }
        LOG.atWarn()
            .addKeyValue("write", action.getClass().getSimpleName())
            .addKeyValue("httpStatus", e.getCode())
            .log("a write was refused");
        var refusal = new DeploymentObservation.Refusal(action, e.getCode());
        report(seen.withRefusal(Optional.of(refusal)), context);
        return UpdateControl.<AgentDeployment>noUpdate().rescheduleAfter(REFUSED_WAIT);
      }
    }
    return report(seen, context);
  }

  private UpdateControl<AgentDeployment> report(
      DeploymentObservation seen, Context<AgentDeployment> context) {
    var deployment = seen.deployment();
    var before = deployment.getStatus();
    var status = DeploymentStatus.of(seen);
    if (status.equals(before)) {
      return UpdateControl.noUpdate();
    }
    var onlyCounts = before != null && status.withServices(before.services()).equals(before);
    if (onlyCounts) {
      var wait = pace.untilNextWrite(deployment, seen.now());
      if (wait.isPositive()) {
        return UpdateControl.<AgentDeployment>noUpdate().rescheduleAfter(wait);
      }
    }
    var written = context.resourceOperations().updatePrimaryStatus(copy(deployment, status));
    pace.wrote(deployment, seen.now());
    DeploymentStatus.news(before, status).ifPresent(news -> events.record(written, news));
    var changedMeanwhile =
        !written.getMetadata().getGeneration().equals(deployment.getMetadata().getGeneration());
    return changedMeanwhile
        ? UpdateControl.<AgentDeployment>noUpdate().rescheduleAfter(Duration.ZERO)
        : UpdateControl.noUpdate();
  }

  private DeploymentObservation apply(
      DeploymentAction action, DeploymentObservation seen, Context<AgentDeployment> context) {
    return switch (action) {
      case DeploymentAction.PutPolicy(NetworkPolicy policy) -> {
        put(policy, seen.deployment(), context);
        yield seen;
      }
      case DeploymentAction.CutVersion(AgentVersion version) -> seen.with(cut(version, context));
      case DeploymentAction.AdoptVersion(AgentVersion version) ->
          seen.with(context.resourceOperations().update(version, caches.versions()));
      case DeploymentAction.PruneVersion(String name, String uid) -> {
        new PreconditionedDelete(context.getClient())
            .agentVersion(seen.deployment().getMetadata().getNamespace(), name, uid);
        yield seen;
      }
    };
  }

  /** One of that name that is not this deployment's is left alone, and the conflict told. */
  private void put(
      NetworkPolicy policy, AgentDeployment deployment, Context<AgentDeployment> context) {
    try {
      context.resourceOperations().create(policy, caches.policies());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      var existing = context.getClient().resource(policy).get();
      if (existing == null || !isOwned(existing, deployment)) {
        throw e;
      }
      policy.getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
      context.resourceOperations().update(policy, caches.policies());
    }
  }

  private static boolean isOwned(HasMetadata child, AgentDeployment deployment) {
    return child.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(deployment.getMetadata().getUid()));
  }

  /** One that is there already is looked at as it is: it may be ours, or planted. */
  private AgentVersion cut(AgentVersion version, Context<AgentDeployment> context) {
    try {
      return context.resourceOperations().create(version, caches.versions());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return context.getClient().resource(version).require();
    }
  }

  private static AgentDeployment copy(AgentDeployment deployment, AgentDeploymentStatus status) {
    var copy = new AgentDeployment();
    copy.setMetadata(deployment.getMetadata());
    copy.setSpec(deployment.getSpec());
    copy.setStatus(status);
    return copy;
  }
}
