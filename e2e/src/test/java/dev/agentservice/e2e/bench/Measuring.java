package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import java.util.concurrent.ConcurrentHashMap;

/** Starts things and looks at what that took, in time and of the machine. */
final class Measuring {

  /** What is written beside the passes, and a little later, is counted too. */
  private static final long AFTERMATH_MILLIS = 1_000;

  private final Settings settings;
  private final AuditLog log;
  private final Tenant tenant;
  private final Installation installation;
  private int rounds;

  Measuring(Settings settings, AuditLog log, Tenant tenant, Installation installation) {
    this.settings = settings;
    this.log = log;
    this.tenant = tenant;
    this.installation = installation;
  }

  /** One round of one case; what was started stays. */
  Figures round(Case what) {
    var oneByOne = start(what, settings.oneByOne(), 1);
    var mark = log.mark();
    var cpu = operatorCpuMillis();
    var apiCpu = installation.apiCpuMillis();
    var burst = start(what, settings.burst(), settings.atOnce());
    Pause.millis(AFTERMATH_MILLIS);
    return Figures.of(
        oneByOne.times(),
        burst,
        log.since(mark),
        operatorCpuMillis() - cpu,
        installation.apiCpuMillis() - apiCpu,
        installation.operator().residentMiB());
  }

  /** Times each start, from before its first request to the API server until it is ready. */
  Starts start(Case what, int count, int atOnce) {
    var prefix = "%s-%04d-".formatted(what.key().replace('_', '-'), rounds++);
    var millis = new ConcurrentHashMap<String, Double>();
    try (var ready = tenant.watch(what)) {
      var times =
          Sample.of(
              count,
              atOnce,
              index -> {
                var begun = System.nanoTime();
                var name =
                    tenant.start(
                        what, prefix + "%05d".formatted(index), installation.apiPort(index));
                var took = (ready.await(name) - begun) / 1e6;
                millis.put(name, took);
                return took;
              });
      return new Starts(millis, times);
    }
  }

  private long operatorCpuMillis() {
    return installation.operator().cpuMillis();
  }
}
