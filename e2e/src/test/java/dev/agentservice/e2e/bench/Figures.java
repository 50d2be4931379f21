package dev.agentservice.e2e.bench;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What one case of one round showed.
 *
 * @param numbers by their names in JSON
 * @param writes of the operator for each service, by verb and resource
 * @param reads likewise, but for watches
 */
record Figures(Map<String, Double> numbers, Map<String, Double> writes, Map<String, Double> reads) {

  static final String OPERATOR = "system:serviceaccount:agentservice-system:agentservice-operator";

  private static final int CONFLICT = 409;

  /** Events come and go beside the passes; a deployment's counts are written for all at once. */
  private static boolean isOfStart(AuditLog.Request request) {
    return !request.resource().equals("events")
        && !request.resource().startsWith("agentdeployments");
  }

  static Figures of(
      Sample oneByOne,
      Starts started,
      List<AuditLog.Request> requests,
      long cpuMillis,
      long apiCpuMillis,
      long residentMiB) {
    var burst = started.times();
    var count = burst.millis().size();
    var ours =
        requests.stream().filter(request -> request.isBy(OPERATOR) && !request.isUpkeep()).toList();
    var numbers = new TreeMap<String, Double>();
    numbers.putAll(oneByOne.percentiles(""));
    numbers.put("burst_p50_ms", burst.percentile(50));
    numbers.put("burst_p99_ms", burst.percentile(99));
    numbers.put("ready_per_s", burst.perSecond());
    numbers.put(
        "writes_per_service",
        (double) ours.stream().filter(Figures::isOfStart).filter(AuditLog.Request::isWrite).count()
            / count);
    numbers.put("writes_of_median_service", writesOfMedian(ours, started.millis().keySet()));
    numbers.put(
        "cluster_writes_per_service",
        (double) requests.stream().filter(each -> each.isWrite() && !each.isUpkeep()).count()
            / count);
    numbers.put(
        "conflicts", (double) ours.stream().filter(each -> each.httpStatus() == CONFLICT).count());
    numbers.put("cpu_ms_per_service", (double) cpuMillis / count);
    numbers.put("api_cpu_ms_per_service", (double) apiCpuMillis / count);
    numbers.put("rss_mb", (double) residentMiB);
    return new Figures(
        numbers,
        perService(ours, AuditLog.Request::isWrite, count),
        perService(ours, request -> !request.isWrite(), count));
  }

  /** Each number is the median of its own, not of one round. */
  static Figures median(List<Figures> rounds) {
    return new Figures(
        median(rounds, Figures::numbers),
        median(rounds, Figures::writes),
        median(rounds, Figures::reads));
  }

  double get(String number) {
    return numbers.get(number);
  }

  static double middle(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }

  private static Map<String, Double> median(
      List<Figures> rounds, Function<Figures, Map<String, Double>> part) {
    return rounds.stream()
        .flatMap(round -> part.apply(round).keySet().stream())
        .distinct()
        .collect(
            Collectors.toMap(
                key -> key,
                key ->
                    middle(
                        rounds.stream()
                            .map(round -> part.apply(round).getOrDefault(key, 0.0))
                            .toList()),
                (one, _) -> one,
                TreeMap::new));
  }

  /** A start that the machine was too slow for is told of by one more status. */
  private static double writesOfMedian(List<AuditLog.Request> requests, Set<String> services) {
    var names = new TreeSet<>(services);
    var writes =
        requests.stream()
            .filter(request -> isOfStart(request) && request.isWrite())
            .map(request -> names.floor(request.name()))
            .filter(Objects::nonNull)
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    return middle(
        services.stream().map(name -> writes.getOrDefault(name, 0L).doubleValue()).toList());
  }

  private static Map<String, Double> perService(
      List<AuditLog.Request> requests, Predicate<AuditLog.Request> wanted, int count) {
    return requests.stream()
        .filter(wanted)
        .collect(
            Collectors.groupingBy(
                AuditLog.Request::kind,
                TreeMap::new,
                Collectors.collectingAndThen(Collectors.counting(), n -> (double) n / count)));
  }
}
