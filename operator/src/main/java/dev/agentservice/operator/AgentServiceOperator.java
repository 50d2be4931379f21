package dev.agentservice.operator;

import dev.agentservice.operator.deployment.AgentDeploymentReconciler;
import dev.agentservice.operator.service.AgentServiceReconciler;
import dev.agentservice.operator.service.FaultPoint;
import dev.agentservice.operator.version.AgentVersionReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
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

  private final Operator operator;
  private final Health health;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Listens for health checks at once; nothing is reconciled before {@link #start}. */
  public AgentServiceOperator(Settings settings, KubernetesClient client) {
    operator =
        new Operator(
            configuration -> {
              configuration
                  .withKubernetesClient(client)
                  .withCloseClientOnStop(false)
                  .withUseSSAToPatchPrimaryResource(false)
                  .withReconciliationTerminationTimeout(settings.gracefulShutdown());
              settings
                  .leaderElection()
                  .ifPresent(
                      lease ->
                          configuration.withLeaderElectionConfiguration(
                              LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                                      lease.name())
                                  .withLeaseNamespace(lease.namespace())
                                  .withIdentity(lease.identity())
                                  .build()));
            });
    var clock = Clock.systemUTC();
    register(new AgentDeploymentReconciler(clock), settings);
    register(new AgentVersionReconciler(clock), settings);
    register(new AgentServiceReconciler(clock, faultPoint(settings)), settings);
    health =
        new Health(
            settings.healthPort(),
            () -> !closed.get(),
            () -> started.get() && operator.getRuntimeInfo().allEventSourcesAreHealthy());
  }

  /** Fills the caches, then reconciles as soon as the lease is held. */
  public void start() {
    var began = System.nanoTime();
    operator.start();
    started.set(true);
    LOG.atInfo()
        .addKeyValue("healthPort", health.port())
        .addKeyValue("milliseconds", Duration.ofNanos(System.nanoTime() - began).toMillis())
        .log("started");
  }

  /** Lets running passes end, gives the lease back, stops. Safe to call twice. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      LOG.info("stopping");
      operator.stop();
      health.close();
      LOG.info("stopped");
    }
  }

  private <R extends HasMetadata> void register(Reconciler<R> reconciler, Settings settings) {
    operator.register(
        reconciler,
        (ControllerConfigurationOverrider<R> controller) -> {
          controller.withRetry(RETRY);
          if (!settings.watchNamespaces().isEmpty()) {
            controller.settingNamespaces(settings.watchNamespaces());
          }
        });
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
