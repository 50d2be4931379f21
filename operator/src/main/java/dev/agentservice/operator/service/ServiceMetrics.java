package dev.agentservice.operator.service;

import dev.agentservice.operator.metrics.Metric;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;

/** Counts and times what becomes of services, as their status is written. */
final class ServiceMetrics {

  private static final Duration[] BUCKETS =
      DoubleStream.of(.05, .1, .2, .3, .5, 1, 2, 5, 10, 20, 30, 60, 120, 300)
          .mapToObj(seconds -> Duration.ofMillis((long) (seconds * 1000)))
          .toArray(Duration[]::new);

  private static final String HIT = "hit";
  private static final String MISS = "miss";
  private static final String SANDBOX = "sandbox";
  private static final String PROCESS = "process";

  private final OperatorMetrics metrics;
  private final StartClock starts;

  ServiceMetrics(OperatorMetrics metrics, Clock clock) {
    this.metrics = metrics;
    this.starts = new StartClock(clock);
    // at zero from the start, so that a first miss is an increase and not a new series
    List.of(HIT, MISS).forEach(result -> metrics.counter(Metric.WARM_STARTS, result));
    for (var first : List.of(true, false)) {
      metrics.histogram(Metric.WARM_TIME_TO_READY, BUCKETS, since(first));
    }
  }

  /** A pass begins. */
  void seen(AgentService service) {
    if (Observation.isNew(Observation.statusOf(service))) {
      starts.seen(service);
    }
  }

  /**
   * A status was written.
   *
   * @param before as it was; null where there was none
   */
  void written(AgentServiceStatus before, AgentService service) {
    Milestone.between(before, service.getStatus()).forEach(reached -> record(reached, service));
  }

  /** An attempt was begun, with a sandbox of the deployment's pool or without. */
  void began(Warm warm) {
    switch (warm) {
      case Warm.Free _ -> metrics.counter(Metric.WARM_STARTS, HIT).increment();
      case Warm.Empty _ -> metrics.counter(Metric.WARM_STARTS, MISS).increment();
      case Warm.None _ -> {}
    }
  }

  private void record(Milestone reached, AgentService service) {
    switch (reached) {
      case Milestone.PhaseEntered(Phase phase, String reason) ->
          metrics.counter(Metric.PHASE_TRANSITIONS, phase.word(), reason).increment();
      case Milestone.StartReached(Phase phase, boolean first) -> {
        metrics
            .histogram(Metric.TIME_TO_PHASE, BUCKETS, since(first), phase.word())
            .record(starts.running(service));
        if (phase == Phase.READY && WarmPod.isName(service.getStatus().sandboxId())) {
          metrics
              .histogram(Metric.WARM_TIME_TO_READY, BUCKETS, since(first))
              .record(starts.running(service));
        }
        if (phase != Phase.STARTING) {
          starts.ended(service);
        }
      }
      case Milestone.EnvInjected(boolean first) ->
          metrics
              .histogram(Metric.ENV_INJECTION, BUCKETS, since(first))
              .record(starts.running(service));
      case Milestone.SandboxRestarted(String reason) -> {
        starts.begin(service);
        metrics.counter(Metric.RESTARTS, SANDBOX, reason).increment();
      }
      case Milestone.ProcessRestarted(String reason, int times) ->
          metrics.counter(Metric.RESTARTS, PROCESS, reason).increment(times);
    }
  }

  private static String since(boolean firstStart) {
    return firstStart ? "creation" : "attempt";
  }
}
