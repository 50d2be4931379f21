package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.e2e.chaos.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The same burst beside more and more services that live, and what those cost at rest. */
final class Growth {

  private static final int FILLING_AT_ONCE = 60;
  private static final String SUCCESSES =
      "agentservice_reconciles_total{controller=\"agentservice\",result=\"success\"}";
  private static final String HEAP_USED = "agentservice_heap_used_bytes";
  private static final long CATCHING_UP_MILLIS = 120_000;

  /** The deployment's counts are written up to 5 s after the last service became ready. */
  private static final long SETTLING_MILLIS = 7_000;

  private final Settings settings;
  private final AuditLog log;
  private final Tenant tenant;
  private final Installation installation;
  private final Measuring measuring;
  private final Progress progress;
  private int live;

  Growth(
      Settings settings,
      AuditLog log,
      Tenant tenant,
      Installation installation,
      Measuring measuring,
      Progress progress) {
    this.settings = settings;
    this.log = log;
    this.tenant = tenant;
    this.installation = installation;
    this.measuring = measuring;
    this.progress = progress;
  }

  /** All of it, by its names in JSON. */
  Map<String, Object> measure() {
    var answer = new LinkedHashMap<String, Object>();
    var heapBefore = heapKibAfterCollection();
    answer.put("growth", settings.live().stream().map(this::at).toList());
    Pause.millis(SETTLING_MILLIS);
    answer.put("live_services", live);
    answer.put("rss_mb_at_" + settings.live().getLast(), installation.operator().residentMiB());
    answer.put("idle_calls_per_min", idleCallsPerMinute());
    answer.put("heap_kb_per_service", (heapKibAfterCollection() - heapBefore) / live);
    answer.put("restart", restart());
    return answer;
  }

  /** Calls of an operator that nothing is asked of, beside its lease. */
  double idleCallsPerMinute() {
    var mark = log.mark();
    Pause.millis(settings.idleSeconds() * 1_000L);
    var calls =
        log.since(mark).stream()
            .filter(request -> request.isBy(Figures.OPERATOR) && !request.isUpkeep())
            .count();
    return calls * 60.0 / settings.idleSeconds();
  }

  private Map<String, Object> at(int wanted) {
    if (wanted > live) {
      var filled = measuring.start(Case.SERVICE, wanted - live, FILLING_AT_ONCE);
      progress.say("%d live services: %.0f a second".formatted(wanted, filled.times().perSecond()));
      live = wanted;
    }
    var floor = measuring.round(Case.POD_AND_SERVICE);
    tenant.clearFloor();
    Pause.millis(SETTLING_MILLIS);
    var figures = measuring.round(Case.SERVICE);
    live += settings.oneByOne() + settings.burst();
    var line = new LinkedHashMap<String, Object>();
    line.put("live", wanted);
    for (var number : List.of("p50_ms", "burst_p50_ms", "ready_per_s")) {
      line.put("floor_" + number, floor.get(number));
    }
    line.putAll(figures.numbers());
    progress.say("beside %d live services: %s".formatted(wanted, figures.numbers()));
    return line;
  }

  /** An operator that comes to services which need nothing. */
  private Map<String, Object> restart() {
    installation.operator().terminate();
    var mark = log.mark();
    var begun = System.nanoTime();
    var operator = installation.startOperator();
    var readySeconds = seconds(begun, operator::isReady);
    var caughtUpSeconds =
        seconds(begun, () -> operator.isReady() && metric(operator.metrics(), SUCCESSES) >= live);
    var cpuMillis = operator.cpuMillis();
    Pause.millis(SETTLING_MILLIS);
    var ours =
        log.since(mark).stream()
            .filter(request -> request.isBy(Figures.OPERATOR) && !request.isUpkeep())
            .toList();
    var answer = new LinkedHashMap<String, Object>();
    answer.put("services", live);
    answer.put("caches_filled_s", readySeconds);
    answer.put("caught_up_s", caughtUpSeconds);
    answer.put("cpu_s", cpuMillis / 1000.0);
    answer.put("peak_mb", operator.peakResidentMiB());
    answer.put("writes", ours.stream().filter(AuditLog.Request::isWrite).count());
    answer.put("reads", ours.stream().filter(request -> !request.isWrite()).count());
    return answer;
  }

  private static double seconds(long begun, BooleanSupplier condition) {
    if (!Pause.until(condition, CATCHING_UP_MILLIS)) {
      throw new IllegalStateException("the operator does not catch up");
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  private double heapKibAfterCollection() {
    var operator = installation.operator();
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
