package dev.agentservice.operator.service;

import dev.agentservice.operator.EventRecorder;
import dev.agentservice.operator.QuietWhenDeleted;
import dev.agentservice.operator.launcher.Launchers;
import dev.agentservice.operator.metrics.OperatorMetrics;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.MDC;

/** One pass over a service: look, decide, act, report. It only orders the steps. */
@ControllerConfiguration(name = AgentServiceReconciler.NAME)
public final class AgentServiceReconciler
    implements Reconciler<AgentService>, QuietWhenDeleted<AgentService> {

  public static final String NAME = "agentservice";

  /** In the logs, beside JOSDK's own fields of the service. */
  private static final String DEPLOYMENT_FIELD = "deployment";

  private final Clock clock;
  private final EventRecorder events;
  private final ServiceMetrics metrics;
  private final Installation installation;
  private final FaultPoint faultPoint;
  private TransientSecrets secrets;
  private Launchers launchers;
  private ServiceCaches caches;
  private AdmissionLedger admissions;
  private Gatherer gatherer;

  public AgentServiceReconciler(
      Clock clock,
      EventRecorder events,
      OperatorMetrics metrics,
      Installation installation,
      FaultPoint faultPoint) {
    this.clock = clock;
    this.events = events;
    this.metrics = new ServiceMetrics(metrics, clock);
    this.installation = installation;
    this.faultPoint = faultPoint;
  }

  @Override
  public List<EventSource<?, AgentService>> prepareEventSources(
      EventSourceContext<AgentService> context) {
    KubernetesClient client = context.getClient();
    secrets = new TransientSecrets(client);
    var publicUrls = installation.publicUrls();
    caches = new ServiceCaches(context, publicUrls.flatMap(urls -> urls.watch(context)));
    admissions = new AdmissionLedger(caches);
    launchers = new Launchers(client);
    gatherer = new Gatherer(caches, client, secrets, admissions, launchers, installation, clock);
    var sources = new ArrayList<>(caches.all(installation.isolated()));
    publicUrls.map(urls -> urls.news(caches.services()::ready)).ifPresent(sources::add);
    return sources;
  }

  /** Whether its status is what the API server gives a new one. */
  public static boolean isUnobserved(AgentService service) {
    return Observation.isNew(Observation.statusOf(service));
  }

  /** How many services there are in each phase, by its word. */
  public Map<String, Integer> countByPhase() {
    return caches.services().countByPhase();
  }

  @Override
  public UpdateControl<AgentService> reconcile(
      AgentService service, Context<AgentService> context) {
    if (service.isMarkedForDeletion()) {
      return UpdateControl.noUpdate(); // owner references take everything along
    }
    try (var _ = MDC.putCloseable(DEPLOYMENT_FIELD, service.getSpec().deployment())) {
      return pass(service, context);
    }
  }

  private UpdateControl<AgentService> pass(AgentService service, Context<AgentService> context) {
    metrics.seen(service);
    try (var hands = new Hands(context, caches, secrets, launchers, events, metrics)) {
      var seen = gatherer.look(service);
      seen = act(Plan.next(seen), seen, hands);
      seen = act(Plan.onTheLaunchersWord(seen), seen, hands);
      if (changedMeanwhile(service, seen)) {
        return again();
      }
      seen = act(Plan.atTheEnd(seen), seen, hands);
      return report(gatherer.lookAgain(seen), hands);
    }
  }

  /** Does one action after the other, as long as nothing speaks against the next. */
  private Observation act(List<Action> actions, Observation before, Hands hands) {
    var seen = before;
    for (var action : actions) {
      faultPoint.before(action.getClass().getSimpleName());
      seen = hands.apply(action, seen);
      if (seen.sandbox() instanceof Sandbox.Missed) {
        break;
      }
      if (isRefused(seen) || changedMeanwhile(before.service(), seen)) {
        break;
      }
    }
    return hands.finish(seen);
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
    admissions.settle(seen.service());
    return Clocks.untilNextLook(seen, Rules.verdict(seen))
        .map(UpdateControl.<AgentService>noUpdate()::rescheduleAfter)
        .orElseGet(UpdateControl::noUpdate);
  }

  private static boolean isRefused(Observation seen) {
    return seen.refusal().flatMap(Refusal::hindrance).isPresent();
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
