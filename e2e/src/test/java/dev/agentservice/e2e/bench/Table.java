package dev.agentservice.e2e.bench;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures as a Markdown table: to be read as it is, and in docs/performance.md. */
record Table(List<List<String>> rows) {

  /** What the columns show, by the numbers' names in {@link Figures}. */
  private static final Map<String, String> COLUMNS =
      Stream.of(
              Map.entry("p50_ms", "p50 ms"),
              Map.entry("p90_ms", "p90"),
              Map.entry("p99_ms", "p99"),
              Map.entry("ready_per_s", "ready/s"),
              Map.entry("burst_p50_ms", "p50 ms, burst"),
              Map.entry("writes_per_service", "writes"),
              Map.entry("conflicts", "conflicts"),
              Map.entry("cpu_ms_per_service", "CPU ms"))
          .collect(
              Collectors.toMap(
                  Map.Entry::getKey,
                  Map.Entry::getValue,
                  (one, _) -> one,
                  java.util.LinkedHashMap::new));

  static Table of(Map<Case, Figures> cases) {
    var head = Stream.concat(Stream.of(""), COLUMNS.values().stream()).toList();
    var lines =
        cases.entrySet().stream()
            .map(
                each ->
                    Stream.concat(
                            Stream.of(each.getKey().title()),
                            COLUMNS.keySet().stream()
                                .map(column -> cell(each.getKey(), column, each.getValue())))
                        .toList());
    return new Table(Stream.concat(Stream.of(head), lines).toList());
  }

  String markdown() {
    var rule =
        rows.getFirst().stream()
            .map(cell -> cell.isEmpty() ? "---" : "---:")
            .collect(Collectors.joining(" | ", "| ", " |"));
    return Stream.concat(
            Stream.of(line(rows.getFirst()), rule), rows.stream().skip(1).map(Table::line))
        .collect(Collectors.joining("\n"));
  }

  private static String line(List<String> row) {
    return row.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }

  /** A floor has no operator. */
  private static String cell(Case what, String column, Figures figures) {
    var ofOperator = List.of("writes_per_service", "conflicts", "cpu_ms_per_service");
    return !what.isOurs() && ofOperator.contains(column)
        ? ""
        : "%.1f".formatted(figures.get(column));
  }
}
