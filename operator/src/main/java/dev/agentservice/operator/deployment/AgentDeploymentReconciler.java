package dev.agentservice.operator.deployment;

import dev.agentservice.operator.EventRecorder;
import dev.agentservice.operator.PreconditionedDelete;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.AgentVersion;
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
public final class AgentDeploymentReconciler implements Reconciler<AgentDeployment> {

  public static final String NAME = "agentdeployment";

  private static final Logger LOG = LoggerFactory.getLogger(AgentDeploymentReconciler.class);

  private static final Duration REFUSED_WAIT = Duration.ofSeconds(30);

  private final Clock clock;
  private final EventRecorder events;
  private final CountsPace pace = new CountsPace();
  private DeploymentCaches caches;

  public AgentDeploymentReconciler(Clock clock, EventRecorder events) {
    this.clock = clock;
    this.events = events;
  }

  @Override
  public List<EventSource<?, AgentDeployment>> prepareEventSources(
      EventSourceContext<AgentDeployment> context) {
    caches = new DeploymentCaches(context);
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
    try {
      for (var action : DeploymentPlan.next(seen)) {
        var made = apply(action, seen, context);
        seen = made.map(seen::with).orElse(seen);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() < HttpURLConnection.HTTP_BAD_REQUEST
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      LOG.warn("a version could not be written: HTTP {}", e.getCode());
      report(seen.refused(e.getCode()), context);
      return UpdateControl.<AgentDeployment>noUpdate().rescheduleAfter(REFUSED_WAIT);
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

  private Optional<AgentVersion> apply(
      DeploymentAction action, DeploymentObservation seen, Context<AgentDeployment> context) {
    return switch (action) {
      case DeploymentAction.CutVersion(AgentVersion version) -> Optional.of(cut(version, context));
      case DeploymentAction.AdoptVersion(AgentVersion version) ->
          Optional.of(context.resourceOperations().update(version, caches.versions()));
      case DeploymentAction.PruneVersion(String name, String uid) -> {
        new PreconditionedDelete(context.getClient())
            .agentVersion(seen.deployment().getMetadata().getNamespace(), name, uid);
        yield Optional.empty();
      }
    };
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
