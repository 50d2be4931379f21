package dev.agentservice.operator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** This process's metrics: where they are counted, and how Prometheus reads them. */
public final class OperatorMetrics {

  /** As what {@link #write} writes is to be declared. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final String SECONDS = "_seconds";

  /** Micrometer adds one for each histogram: the longest of late, which no query of ours needs. */
  private static final String MAX = "_seconds_max";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  public OperatorMetrics() {
    var process = Runtime.getRuntime();
    gauge(Metric.HEAP_USED, () -> process.totalMemory() - process.freeMemory());
    gauge(Metric.HEAP_MAX, process::maxMemory);
  }

  /** The counter with these values of the metric's labels; found again each time. */
  public Counter counter(Metric metric, String... values) {
    return Counter.builder(metric.metricName())
        .description(metric.meaning())
        .tags(tags(metric, values))
        .register(registry);
  }

  /** The histogram with these values of the metric's labels; found again each time. */
  public Timer histogram(Metric metric, Duration[] buckets, String... values) {
    var name = metric.metricName();
    return Timer.builder(name.substring(0, name.length() - SECONDS.length()))
        .description(metric.meaning())
        .tags(tags(metric, values))
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  /** A number that is asked for at each scrape. */
  public void gauge(Metric metric, Supplier<Number> value, String... values) {
    Gauge.builder(metric.metricName(), value)
        .description(metric.meaning())
        .tags(tags(metric, values))
        .register(registry);
  }

  /** Numbers by the value of the metric's one label, asked for together at each scrape. */
  public void gauges(Metric metric, Supplier<Map<String, Integer>> byLabel) {
    GaugeWithCallback.builder()
        .name(metric.metricName())
        .help(metric.meaning())
        .labelNames(metric.labels().getFirst())
        .callback(series -> byLabel.get().forEach((label, value) -> series.call(value, label)))
        .register(registry.getPrometheusRegistry());
  }

  /** All there is, in Prometheus' text format. */
  public void write(OutputStream out) throws IOException {
    writer.write(
        out,
        registry.getPrometheusRegistry().scrape(name -> !name.endsWith(MAX)),
        EscapingScheme.DEFAULT);
  }

  private static Tags tags(Metric metric, String... values) {
    List<String> labels = metric.labels();
    if (labels.size() != values.length) {
      throw new IllegalArgumentException(metric + " has the labels " + labels);
    }
    return Tags.of(
        IntStream.range(0, values.length)
            .mapToObj(place -> Tag.of(labels.get(place), values[place]))
            .toList());
  }
}
