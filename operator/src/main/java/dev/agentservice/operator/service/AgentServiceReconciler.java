package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** One pass over a service: look, decide, act, report. It only orders the steps. */
@ControllerConfiguration(name = AgentServiceReconciler.NAME)
public final class AgentServiceReconciler implements Reconciler<AgentService> {

  public static final String NAME = "agentservice";

  private final Clock clock;
  private final FaultPoint faultPoint;
  private TransientSecrets secrets;
  private ServiceCaches caches;
  private Gatherer gatherer;

  public AgentServiceReconciler(Clock clock, FaultPoint faultPoint) {
    this.clock = clock;
    this.faultPoint = faultPoint;
  }

  @Override
  public List<EventSource<?, AgentService>> prepareEventSources(
      EventSourceContext<AgentService> context) {
    KubernetesClient client = context.getClient();
    secrets = new TransientSecrets(client);
    caches = new ServiceCaches(context);
    gatherer = new Gatherer(caches, client, secrets, clock);
    return caches.all();
  }

  @Override
  public UpdateControl<AgentService> reconcile(
      AgentService service, Context<AgentService> context) {
    if (service.isMarkedForDeletion()) {
      return UpdateControl.noUpdate(); // owner references take everything along
    }
    var hands = new Hands(context, caches, secrets);
    var seen = gatherer.look(service);
    for (var action : Plan.next(seen)) {
      faultPoint.before(action.getClass().getSimpleName());
      seen = hands.apply(action, seen);
      if (changedMeanwhile(service, seen)) {
        return again();
      }
    }
    for (var action : Plan.atTheEnd(seen)) {
      faultPoint.before(action.getClass().getSimpleName());
      seen = hands.apply(action, seen);
    }
    return report(seen, hands);
  }

  private UpdateControl<AgentService> report(Observation seen, Hands hands) {
    var before = seen.service().getStatus();
    var status = ServiceStatus.of(seen);
    if (!status.equals(before)) {
      faultPoint.before(FaultPoint.REPORT);
      var written = hands.write(seen.service(), status);
      if (changedMeanwhile(seen.service(), seen.withService(written))) {
        return again();
      }
    }
    return Clocks.untilNextLook(seen, Rules.verdict(seen))
        .map(UpdateControl.<AgentService>noUpdate()::rescheduleAfter)
        .orElseGet(UpdateControl::noUpdate);
  }

  /** Whether a write's answer shows a spec that this pass did not decide on. */
  private static boolean changedMeanwhile(AgentService decidedOn, Observation seen) {
    var now = seen.service().getMetadata();
    return now.getDeletionTimestamp() != null
        || !now.getGeneration().equals(decidedOn.getMetadata().getGeneration());
  }

  private static UpdateControl<AgentService> again() {
    return UpdateControl.<AgentService>noUpdate().rescheduleAfter(Duration.ZERO);
  }
}
