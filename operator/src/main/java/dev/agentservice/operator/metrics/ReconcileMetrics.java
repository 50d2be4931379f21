package dev.agentservice.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * What JOSDK tells of its passes. Not its own MicrometerMetricsV2: as of 5.3 that one wraps what a
 * pass throws, so that a conflict is logged and retried as a defect, and its gauges drift with
 * every object that is deleted while it waits for a thread.
 */
public final class ReconcileMetrics implements Metrics {

  private static final Duration[] BUCKETS =
      DoubleStream.of(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
          .mapToObj(seconds -> Duration.ofNanos((long) (seconds * 1e9)))
          .toArray(Duration[]::new);

  /** How a pass ended. */
  private enum Result {
    SUCCESS,
    CONFLICT,
    ERROR;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One controller's meters.
   *
   * @param due since when which objects wait for a thread: each at most once at a time
   */
  private record Meters(
      Map<ResourceID, Long> due,
      AtomicInteger active,
      Timer waiting,
      Timer duration,
      Map<Result, Counter> results) {}

  private final OperatorMetrics metrics;
  private final Map<String, Meters> controllers = new ConcurrentHashMap<>();

  public ReconcileMetrics(OperatorMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    var name = controller.getConfiguration().getName();
    var meters =
        new Meters(
            new ConcurrentHashMap<>(),
            new AtomicInteger(),
            metrics.histogram(Metric.RECONCILE_QUEUE_WAIT, BUCKETS, name),
            metrics.histogram(Metric.RECONCILE_DURATION, BUCKETS, name),
            Arrays.stream(Result.values())
                .collect(
                    Collectors.toMap(
                        result -> result,
                        result -> metrics.counter(Metric.RECONCILES, name, result.word()))));
    metrics.gauge(Metric.RECONCILE_QUEUE_LENGTH, meters.due()::size, name);
    metrics.gauge(Metric.RECONCILES_ACTIVE, meters.active()::get, name);
    controllers.put(name, meters);
  }

  @Override
  public void reconciliationSubmitted(
      HasMetadata resource, RetryInfo retry, Map<String, Object> metadata) {
    meters(metadata).due().put(ResourceID.fromResource(resource), System.nanoTime());
  }

  @Override
  public void reconciliationStarted(HasMetadata resource, Map<String, Object> metadata) {
    var meters = meters(metadata);
    var since = meters.due().remove(ResourceID.fromResource(resource));
    if (since != null) {
      meters.waiting().record(Duration.ofNanos(System.nanoTime() - since));
    }
  }

  /** Also where it was not started, the object being gone by then. */
  @Override
  public void reconciliationFinished(
      HasMetadata resource, RetryInfo retry, Map<String, Object> metadata) {
    meters(metadata).due().remove(ResourceID.fromResource(resource));
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    var meters = controllers.get(execution.controllerName());
    var since = System.nanoTime();
    meters.active().incrementAndGet();
    try {
      return execution.execute();
    } finally {
      meters.active().decrementAndGet();
      meters.duration().record(Duration.ofNanos(System.nanoTime() - since));
    }
  }

  @Override
  public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
    count(Result.SUCCESS, metadata);
  }

  @Override
  public void reconciliationFailed(
      HasMetadata resource, RetryInfo retry, Exception failure, Map<String, Object> metadata) {
    count(isConflict(failure) ? Result.CONFLICT : Result.ERROR, metadata);
  }

  private void count(Result result, Map<String, Object> metadata) {
    meters(metadata).results().get(result).increment();
  }

  private Meters meters(Map<String, Object> metadata) {
    return controllers.get((String) metadata.get(Constants.CONTROLLER_NAME));
  }

  private static boolean isConflict(Exception failure) {
    return failure instanceof KubernetesClientException answer
        && answer.getCode() == HttpURLConnection.HTTP_CONFLICT;
  }
}
