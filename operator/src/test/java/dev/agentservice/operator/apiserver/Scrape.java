package dev.agentservice.operator.apiserver;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads an operator's metrics as Prometheus does. */
record Scrape(int port) {

  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_]+)(\\{[^}]*})? (\\S+)$");
  private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"");

  static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Told read() {
    var metrics = URI.create("http://127.0.0.1:%d/metrics".formatted(port));
    try (var body = metrics.toURL().openStream()) {
      return new Told(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One scrape. */
  record Told(String text) {

    /** Each metric's type. */
    Map<String, String> types() {
      return Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$")
          .matcher(text)
          .results()
          .collect(toMap(line -> line.group(1), line -> line.group(2), (a, _) -> a, TreeMap::new));
    }

    String meaning(String metric) {
      return Pattern.compile("(?m)^# HELP %s (.*)$".formatted(metric))
          .matcher(text)
          .results()
          .map(line -> line.group(1))
          .findFirst()
          .orElse(null);
    }

    /** Each metric's sets of labels, of which there should be one. */
    Map<String, Set<Set<String>>> labels() {
      return samples()
          .collect(
              groupingBy(
                  sample -> sample.group(1).replaceAll("_(bucket|sum|count)$", ""),
                  TreeMap::new,
                  mapping(Told::labelNames, toSet())));
    }

    /** The values of {@code series} by their labels. */
    Map<String, Double> values(String series) {
      return samples()
          .filter(sample -> sample.group(1).equals(series))
          .collect(toMap(sample -> sample.group(2), sample -> Double.valueOf(sample.group(3))));
    }

    double value(String seriesWithLabels) {
      return samples()
          .filter(
              sample ->
                  (sample.group(1) + (sample.group(2) == null ? "" : sample.group(2)))
                      .equals(seriesWithLabels))
          .map(sample -> Double.valueOf(sample.group(3)))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + seriesWithLabels + " in\n" + text));
    }

    private Stream<MatchResult> samples() {
      return SAMPLE.matcher(text).results();
    }

    private static Set<String> labelNames(MatchResult sample) {
      return sample.group(2) == null
          ? Set.of()
          : LABEL
              .matcher(sample.group(2))
              .results()
              .map(label -> label.group(1))
              .filter(name -> !name.equals("le"))
              .collect(toSet());
    }
  }
}
