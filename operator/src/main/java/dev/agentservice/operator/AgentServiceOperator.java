package dev.agentservice.operator;

import dev.agentservice.operator.deployment.AgentDeploymentReconciler;
import dev.agentservice.operator.edge.PublicUrls;
import dev.agentservice.operator.metrics.Metric;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.metrics.ReconcileMetrics;
import dev.agentservice.operator.service.AgentServiceReconciler;
import dev.agentservice.operator.service.FaultPoint;
import dev.agentservice.operator.service.Installation;
import dev.agentservice.operator.version.AgentVersionReconciler;
import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three reconcilers, put together and run. */
public final class AgentServiceOperator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AgentServiceOperator.class);

  /** JOSDK's own default gives up after five tries and is silent until the next event. */
  private static final GenericRetry RETRY =
      new GenericRetry()
          .setInitialInterval(200)
          .setIntervalMultiplier(2)
          .setMaxInterval(30_000)
          .withoutMaxAttempts();

  /** As the process ends by SIGKILL: nothing is flushed, closed or told. */
  private static final int KILLED = 137;

  /** The exit code of one that lost its lease. */
  static final int LEASE_LOST = 1;

  /** How long a start waits for a namespace of several that lets nobody look into it. */
  private static final Duration SYNC_PATIENCE = Duration.ofSeconds(15);

  private final KubernetesClient client;
  private final String identity;
  private final Optional<Settings.Lease> lease;
  private final EventRecorder events;
  private final Optional<PublicUrls> publicUrls;
  private final Operator operator;
  private final ProbeServer probes;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean leading = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Listens for health checks at once; nothing is reconciled before {@link #start}. */
  public AgentServiceOperator(Settings settings, KubernetesClient client, OperatorMetrics metrics) {
    this.client = client;
    identity = settings.identity();
    lease = settings.leaderElection();
    lease.ifPresent(this::connect);
    var reconcileMetrics = new ReconcileMetrics(metrics);
    operator =
        new Operator(
            configuration -> {
              configuration
                  .withKubernetesClient(client)
                  .withCloseClientOnStop(false)
                  .withUseSSAToPatchPrimaryResource(false)
                  .withMetrics(reconcileMetrics)
                  .withReconciliationTerminationTimeout(settings.gracefulShutdown());
              if (!settings.watchNamespaces().isEmpty()) {
                // one that lost its Role, or is gone, keeps nobody from the others
                configuration
                    .withStopOnInformerErrorDuringStartup(false)
                    .withCacheSyncTimeout(SYNC_PATIENCE);
              }
              lease.ifPresent(
                  wanted -> configuration.withLeaderElectionConfiguration(leaderElection(wanted)));
            });
    var clock = Clock.systemUTC();
    events = new EventRecorder(client, identity, clock);
    var deployments =
        new AgentDeploymentReconciler(clock, events, settings.network(), settings.sandboxes());
    register(deployments, settings);
    register(new AgentVersionReconciler(clock), settings);
    publicUrls =
        settings
            .publicUrls()
            .map(urls -> new PublicUrls(urls.settings(), urls.namespace(), client));
    var services =
        new AgentServiceReconciler(
            clock,
            events,
            metrics,
            new Installation(settings.network().isPresent(), settings.sandboxes(), publicUrls),
            faultPoint(settings));
    register(services, settings);
    metrics.gauge(Metric.LEADER, () -> leading.get() ? 1 : 0);
    metrics.gauges(Metric.SERVICES, () -> leading.get() ? services.countByPhase() : Map.of());
    metrics.gauges(
        Metric.WARM_SANDBOXES, () -> leading.get() ? deployments.warmSandboxes() : Map.of());
    probes =
        new ProbeServer(
            settings.healthPort(),
            () -> !closed.get(),
            () -> started.get() && operator.getRuntimeInfo().allEventSourcesAreHealthy(),
            metrics);
  }

  /** Fills the caches, then reconciles as soon as the lease is held. */
  public void start() {
    var began = System.nanoTime();
    operator.start();
    started.set(true);
    if (lease.isEmpty()) {
      lead();
    }
    LOG.atInfo()
        .addKeyValue("healthPort", probes.port())
        .addKeyValue("milliseconds", Duration.ofNanos(System.nanoTime() - began).toMillis())
        .log("started");
  }

  /** Lets running passes end, gives the lease back, stops. Safe to call twice. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LOG.info("stopping");
      operator.stop();
      publicUrls.ifPresent(PublicUrls::close);
      events.close();
      lease.ifPresent(this::giveBack);
      probes.close();
      LOG.info("stopped");
    }
  }

  /**
   * The first request takes longest: for TLS, and because all of it runs for the first time. So it
   * is made while the reconcilers are put together; nobody waits for its answer.
   */
  private void connect(Settings.Lease lease) {
    Thread.ofPlatform()
        .daemon()
        .name("first-request")
        .start(
            () -> {
              try {
                client.leases().inNamespace(lease.namespace()).withName(lease.name()).get();
              } catch (KubernetesClientException e) {
                LOG.debug("the first request failed: HTTP {}", e.getCode());
              }
            });
  }

  /**
   * As JOSDK 5.3 builds it, a lost lease changes nothing: the callback is what ends the process.
   */
  private LeaderElectionConfiguration leaderElection(Settings.Lease wanted) {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(wanted.name())
        .withLeaseNamespace(wanted.namespace())
        .withIdentity(identity)
        .withLeaderCallbacks(endWhenLeaseIsLost())
        .build();
  }

  /**
   * Without the lease another operator may be at work already, so this one ends at once and without
   * its shutdown hooks: they would wait for the passes that must not go on
   * (java-operator-sdk#1614).
   */
  private LeaderCallbacks endWhenLeaseIsLost() {
    return new LeaderCallbacks(
        () -> {
          lead();
          LOG.info("leading");
        },
        () -> {
          if (!closed.get()) {
            LOG.error("the lease is lost: ending");
            Runtime.getRuntime().halt(LEASE_LOST);
          }
        },
        _ -> {});
  }

  private void lead() {
    leading.set(true);
    publicUrls.ifPresent(PublicUrls::start);
  }

  /** A successor then starts at once, and not when the lease has run out. */
  private void giveBack(Settings.Lease lease) {
    try {
      client
          .leases()
          .inNamespace(lease.namespace())
          .withName(lease.name())
          .edit(
              held -> {
                if (identity.equals(held.getSpec().getHolderIdentity())) {
                  held.getSpec().setHolderIdentity("");
                }
                return held;
              });
    } catch (KubernetesClientException e) {
      LOG.warn("the lease was not given back and has to run out: HTTP {}", e.getCode());
    }
  }

  private <R extends HasMetadata> void register(Reconciler<R> reconciler, Settings settings) {
    operator.register(
        reconciler,
        (ControllerConfigurationOverrider<R> controller) -> {
          controller
              .withRetry(RETRY)
              .withGenerationAware(false)
              .withInformerListLimit(ListedAtOnce.OBJECTS)
              .withOnUpdateFilter(AgentServiceOperator::concernsUs);
          if (!settings.watchNamespaces().isEmpty()) {
            controller.settingNamespaces(settings.watchNamespaces());
          }
        });
  }

  /**
   * As JOSDK's generation awareness, but it also sees a namesake: an object deleted and made again
   * while the watch was away arrives as an update, with the same generation and another UID. And it
   * sees who owns it, which decides whether a version is genuine, and that its status was lost.
   */
  private static boolean concernsUs(HasMetadata now, HasMetadata before) {
    var is = now.getMetadata();
    var was = before.getMetadata();
    return !Objects.equals(is.getUid(), was.getUid())
        || !Objects.equals(is.getGeneration(), was.getGeneration())
        || !Objects.equals(is.getOwnerReferences(), was.getOwnerReferences())
        || (isUnobserved(now) && !isUnobserved(before))
        || !Objects.equals(is.getDeletionTimestamp(), was.getDeletionTimestamp());
  }

  private static boolean isUnobserved(HasMetadata object) {
    return object instanceof AgentService service
        ? AgentServiceReconciler.isUnobserved(service)
        : object instanceof CustomResource<?, ?> resource && resource.getStatus() == null;
  }

  private static FaultPoint faultPoint(Settings settings) {
    return settings
        .faultPoint()
        .<FaultPoint>map(
            wanted ->
                write -> {
                  if (write.equals(wanted)) {
                    Runtime.getRuntime().halt(KILLED);
                  }
                })
        .orElse(FaultPoint.NONE);
  }
}
