package dev.agentservice.operator.metrics;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What speaks of metrics knows the right ones: docs/metrics.md, the alerts, the dashboard. With
 * {@code -Ddocs.write} the table in the docs is written, not compared. That the operator tells just
 * these, MetricsOnApiServerTest shows.
 */
class MetricsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "metrics.md");
  private static final Path CHART_FILES = Path.of("..", "helm", "agentservice", "files", "metrics");
  private static final Path ALERTS = CHART_FILES.resolve("alerts.yaml");
  private static final Path DASHBOARD = CHART_FILES.resolve("dashboard.json");

  private static final String TABLE = "## All of them\n";
  private static final String AFTER_TABLE = "\n## Alerts\n";

  private static final Pattern SERIES = Pattern.compile("\\bagentservice_[a-z_]+");
  private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
  private static final Pattern SECTION = Pattern.compile("(?m)^### (\\w+)$");

  @Test
  void everyMetricIsExplained() throws IOException {
    var page = Files.readString(PAGE);
    var current =
        page.substring(0, page.indexOf(TABLE) + TABLE.length())
            + "\n"
            + table()
            + page.substring(page.indexOf(AFTER_TABLE));
    if (System.getProperty("docs.write") != null) {
      Files.writeString(PAGE, current);
    }

    assertThat(PAGE).as("run `make docs` and commit it").hasContent(current);
  }

  @Test
  void everyAlertHasItsRunbook() throws IOException {
    assertThat(found(SECTION, PAGE)).isEqualTo(found(ALERT, ALERTS)).isNotEmpty();
  }

  @Test
  void alertsAskForMetricsThatThereAre() throws IOException {
    assertThat(found(SERIES, ALERTS)).isSubsetOf(allSeries()).isNotEmpty();
  }

  @Test
  void theDashboardIsJsonAndShowsEveryMetricAndNoOther() throws IOException {
    var shown =
        new ObjectMapper()
            .readTree(DASHBOARD.toFile()).findValuesAsText("expr").stream()
                .flatMap(expression -> SERIES.matcher(expression).results())
                .map(series -> series.group().replaceAll("_(bucket|sum|count)$", ""))
                .collect(toCollection(TreeSet::new));

    assertThat(shown)
        .isEqualTo(
            Arrays.stream(Metric.values())
                .map(Metric::metricName)
                .collect(toCollection(TreeSet::new)));
  }

  private static String table() {
    return Arrays.stream(Metric.values())
        .map(
            metric ->
                "| `%s` | %s | %s | %s |"
                    .formatted(
                        metric.metricName(),
                        metric.type().name().toLowerCase(Locale.ROOT),
                        metric.labels().stream().map("`%s`"::formatted).collect(joining(", ")),
                        metric.meaning()))
        .collect(
            joining(
                "\n", "| metric | type | labels | meaning |\n| --- | --- | --- | --- |\n", "\n"));
  }

  private static Set<String> allSeries() {
    return Arrays.stream(Metric.values())
        .flatMap(
            metric ->
                metric.type() == Metric.Type.HISTOGRAM
                    ? Set.of("_bucket", "_sum", "_count").stream().map(metric.metricName()::concat)
                    : Set.of(metric.metricName()).stream())
        .collect(Collectors.toSet());
  }

  private static Set<String> found(Pattern pattern, Path file) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map(match -> match.group(match.groupCount()))
        .collect(toCollection(TreeSet::new));
  }
}
