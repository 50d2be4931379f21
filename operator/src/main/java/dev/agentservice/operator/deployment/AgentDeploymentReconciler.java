package dev.agentservice.operator.deployment;

import dev.agentservice.operator.EventRecorder;
import dev.agentservice.operator.QuietWhenDeleted;
import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps a version for every recipe a deployment had, and says which one new services get. */
@ControllerConfiguration(name = AgentDeploymentReconciler.NAME)
public final class AgentDeploymentReconciler
    implements Reconciler<AgentDeployment>, QuietWhenDeleted<AgentDeployment> {

  public static final String NAME = "agentdeployment";

  private static final Duration REFUSED_WAIT = Duration.ofSeconds(30);

  private final Clock clock;
  private final EventRecorder events;
  private final Optional<ClusterNetwork> network;
  private final SandboxSettings sandboxes;
  private final CountsPace pace = new CountsPace();
  private DeploymentCaches caches;

  public AgentDeploymentReconciler(
      Clock clock,
      EventRecorder events,
      Optional<ClusterNetwork> network,
      SandboxSettings sandboxes) {
    this.clock = clock;
    this.events = events;
    this.network = network;
    this.sandboxes = sandboxes;
  }

  @Override
  public List<EventSource<?, AgentDeployment>> prepareEventSources(
      EventSourceContext<AgentDeployment> context) {
    caches = new DeploymentCaches(context, network, sandboxes);
    return caches.all();
  }

  /** How many sandboxes wait in pools, and how many should, by these words. */
  public Map<String, Integer> warmSandboxes() {
    return caches.warmSandboxes();
  }

  @Override
  public UpdateControl<AgentDeployment> reconcile(
      AgentDeployment deployment, Context<AgentDeployment> context) {
    if (deployment.isMarkedForDeletion()) {
      return UpdateControl.noUpdate(); // owner references take the versions along
    }
    var now = clock.instant();
    var basis = caches.basis(deployment);
    var wait = pace.untilNextCount(deployment, basis, now);
    if (wait.isPositive()) {
      return UpdateControl.<AgentDeployment>noUpdate().rescheduleAfter(wait);
    }
    var seen = caches.look(deployment, now);
    var hands = new DeploymentHands(context, caches);
    for (var action : DeploymentPlan.next(seen)) {
      seen = hands.apply(action, seen);
      if (seen.refusal().filter(refusal -> !refusal.action().isUpkeep()).isPresent()) {
        break;
      }
    }
    return report(seen, basis, context);
  }

  private UpdateControl<AgentDeployment> report(
      DeploymentObservation seen, List<String> basis, Context<AgentDeployment> context) {
    var deployment = seen.deployment();
    var before = deployment.getStatus();
    var status = DeploymentStatus.of(seen);
    if (status.equals(before)) {
      return untilNextLook(seen);
    }
    var onlyCounts =
        before != null
            && status
                .withServices(before.services())
                .withWarmReady(before.warmReady())
                .equals(before);
    if (onlyCounts) {
      var wait = pace.untilNextWrite(deployment, seen.now());
      if (wait.isPositive()) {
        return UpdateControl.<AgentDeployment>noUpdate()
            .rescheduleAfter(
                PoolPlan.untilNextLook(seen).filter(look -> look.compareTo(wait) < 0).orElse(wait));
      }
    }
    var written = context.resourceOperations().updatePrimaryStatus(copy(deployment, status));
    pace.wrote(deployment, basis, seen.now(), PoolPlan.untilNextLook(seen));
    DeploymentStatus.news(before, status).ifPresent(news -> events.record(written, news));
    PoolStatus.news(before, status).ifPresent(news -> events.record(written, news));
    var changedMeanwhile =
        !written.getMetadata().getGeneration().equals(deployment.getMetadata().getGeneration());
    return changedMeanwhile
        ? UpdateControl.<AgentDeployment>noUpdate().rescheduleAfter(Duration.ZERO)
        : untilNextLook(seen);
  }

  private static UpdateControl<AgentDeployment> untilNextLook(DeploymentObservation seen) {
    var look = PoolPlan.untilNextLook(seen);
    return (seen.refusal().isEmpty() ? look : Optional.of(afterRefusal(look)))
        .map(UpdateControl.<AgentDeployment>noUpdate()::rescheduleAfter)
        .orElseGet(UpdateControl::noUpdate);
  }

  private static Duration afterRefusal(Optional<Duration> look) {
    return look.filter(due -> due.isPositive() && due.compareTo(REFUSED_WAIT) < 0)
        .orElse(REFUSED_WAIT);
  }

  private static AgentDeployment copy(AgentDeployment deployment, AgentDeploymentStatus status) {
    var copy = new AgentDeployment();
    copy.setMetadata(deployment.getMetadata());
    copy.setSpec(deployment.getSpec());
    copy.setStatus(status);
    return copy;
  }
}
