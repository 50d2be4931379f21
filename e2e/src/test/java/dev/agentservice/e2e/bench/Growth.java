package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Rounds beside more and more services that live, and what those cost at rest. */
final class Growth {

  private static final int FILLING_AT_ONCE = 60;

  /** The cluster's own controllers look at all Services of a namespace for each of its pods. */
  private static final int TENANTS_SERVICES = 500;

  private static final String SUCCESSES =
      "agentservice_reconciles_total{controller=\"agentservice\",result=\"success\"}";
  private static final String HEAP_USED = "agentservice_heap_used_bytes";
  private static final long CATCHING_UP_MILLIS = 120_000;

  /**
   * Ten minutes after a Secret was injected a late copy of it is looked for, and status says so
   * once: a read and a write of that start, which fall into whatever is measured then.
   */
  private static final String LOOK_FOR_LATE_SECRET = "get secrets";

  private static final int CALLS_OF_A_LOOK = 2;

  /** The deployment's counts are written up to 5 s after the last service became ready. */
  private static final long SETTLING_MILLIS = 7_000;

  private final Run run;
  private final double heapBefore;
  private final List<Map<String, Object>> steps = new ArrayList<>();
  private int live;

  /**
   * What is done beside many services, the silence, a restart beside them and the authorizer: no
   * more than a whole round took, and the silence.
   */
  private Duration lastParts = Duration.ZERO;

  /** Before any service lives. */
  Growth(Run run) {
    this.run = run;
    heapBefore = heapKibAfterCollection();
  }

  int live() {
    return live;
  }

  /** One round of one case in a namespace of its own: the services live on, the floors do not. */
  Figures round(Case what) {
    var elsewhere = run.elsewhere();
    if (what == Case.HTTP_API) {
      elsewhere.tenant().awaitServed(run.installation().apiPort(0), Tenant.DEPLOYMENT);
    }
    var figures = new Measuring(elsewhere).round(what);
    if (what.isOurs()) {
      live += run.settings().oneByOne() + run.settings().burst();
    } else {
      elsewhere.tenant().clear();
    }
    return figures;
  }

  /** Remembers how long a whole round takes on this machine. */
  void expect(Duration round) {
    lastParts = round.plusSeconds(run.settings().idleSeconds());
  }

  /** Remembers what a start takes beside so many services. */
  void step(int beside, Figures floor, Figures service) {
    var line = new LinkedHashMap<String, Object>();
    line.put("live", beside);
    for (var number : List.of("p50_ms", "burst_p50_ms", "ready_per_s")) {
      line.put("floor_" + number, floor.get(number));
    }
    line.putAll(service.numbers());
    steps.add(line);
  }

  /** All of it, by its names in JSON. */
  Map<String, Object> measure() {
    var answer = new LinkedHashMap<String, Object>();
    for (var wanted : run.settings().live()) {
      at(wanted);
      if (live < wanted) {
        break;
      }
    }
    answer.put("growth", steps);
    Pause.millis(SETTLING_MILLIS);
    answer.put("live_services", live);
    answer.put(
        "rss_mb_at_" + steps.getLast().get("live"), run.installation().operator().residentMiB());
    answer.putAll(atRest());
    answer.put("heap_kb_per_service", (heapKibAfterCollection() - heapBefore) / live);
    answer.put("restart", restart());
    return answer;
  }

  /** What an operator calls that nothing is asked of, by its names in JSON. */
  Map<String, Object> atRest() {
    var mark = run.log().mark();
    Pause.millis(run.settings().idleSeconds() * 1_000L);
    var calls = callsSince(mark);
    var looks = looks(calls);
    var perMinute = 60.0 / run.settings().idleSeconds();
    return Map.of(
        "idle_calls_per_min", beside(looks * CALLS_OF_A_LOOK, calls.size()) * perMinute,
        "late_secret_looks_per_min", looks * perMinute);
  }

  /** The operator's, beside its lease. */
  private List<AuditLog.Request> callsSince(long mark) {
    return run.log().since(mark).stream()
        .filter(request -> request.isBy(Figures.OPERATOR) && !request.isUpkeep())
        .toList();
  }

  /** A look at the end of what is counted may have only its first call in it. */
  private static long beside(long ofLooks, long all) {
    return Math.max(0, all - ofLooks);
  }

  private static long looks(List<AuditLog.Request> calls) {
    return calls.stream().filter(call -> call.kind().equals(LOOK_FOR_LATE_SECRET)).count();
  }

  private void at(int wanted) {
    var begun = System.nanoTime();
    var before = live;
    while (live < wanted && run.hasTimeFor(lastParts)) {
      var more = Math.min(TENANTS_SERVICES, wanted - live);
      new Measuring(run.elsewhere()).start(Case.SERVICE, more, FILLING_AT_ONCE);
      live += more;
    }
    run.progress()
        .say(
            "%d live services of %d for which there was time: %.0f a second"
                .formatted(live, wanted, (live - before) * 1e9 / (System.nanoTime() - begun)));
    var beside = live;
    var floor = round(Case.POD_AND_SERVICE);
    Pause.millis(SETTLING_MILLIS);
    var figures = round(Case.SERVICE);
    step(beside, floor, figures);
    run.progress().say("beside %d live services: %s".formatted(beside, figures.numbers()));
  }

  /** An operator that comes to services which need nothing. */
  private Map<String, Object> restart() {
    run.installation().operator().terminate();
    var mark = run.log().mark();
    var begun = System.nanoTime();
    var operator = run.installation().startOperator();
    var readySeconds = seconds(begun, operator::isReady);
    var caughtUpSeconds =
        seconds(begun, () -> operator.isReady() && metric(operator.metrics(), SUCCESSES) >= live);
    var cpuMillis = operator.cpuMillis();
    Pause.millis(SETTLING_MILLIS);
    var calls = callsSince(mark);
    var looks = looks(calls);
    var answer = new LinkedHashMap<String, Object>();
    answer.put("services", live);
    answer.put("caches_filled_s", readySeconds);
    answer.put("caught_up_s", caughtUpSeconds);
    answer.put("cpu_s", cpuMillis / 1000.0);
    answer.put("peak_mb", operator.peakResidentMiB());
    answer.put("writes", beside(looks, calls.stream().filter(AuditLog.Request::isWrite).count()));
    answer.put(
        "calls",
        calls.stream()
            .collect(
                Collectors.groupingBy(
                    AuditLog.Request::kind, TreeMap::new, Collectors.counting())));
    return answer;
  }

  private static double seconds(long begun, BooleanSupplier condition) {
    if (!Pause.until(condition, CATCHING_UP_MILLIS)) {
      throw new IllegalStateException("the operator does not catch up");
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  private double heapKibAfterCollection() {
    var operator = run.installation().operator();
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      var command = new ArrayList<>(List.of(jcmd, Long.toString(operator.pid()), "GC.run"));
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("jcmd failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return metric(operator.metrics(), HEAP_USED) / 1024;
  }

  private static double metric(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }
}
