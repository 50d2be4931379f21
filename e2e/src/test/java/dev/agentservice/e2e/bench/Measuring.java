package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import java.util.concurrent.ConcurrentHashMap;

/** Starts things and looks at what that took, in time and of the machine. */
final class Measuring {

  /** What is written beside the passes, and a little later, is counted too. */
  private static final long AFTERMATH_MILLIS = 1_000;

  private final Run run;
  private int rounds;

  Measuring(Run run) {
    this.run = run;
  }

  /** One round of one case; what was started stays. */
  Figures round(Case what) {
    var settings = run.settings();
    var installation = run.installation();
    var oneByOne = start(what, settings.oneByOne(), 1);
    var mark = run.log().mark();
    var cpu = operatorCpuMillis();
    var apiCpu = installation.apiCpuMillis();
    var burst = start(what, settings.burst(), settings.atOnce());
    Pause.millis(AFTERMATH_MILLIS);
    return Figures.of(
        oneByOne.times(),
        burst,
        run.log().since(mark),
        operatorCpuMillis() - cpu,
        installation.apiCpuMillis() - apiCpu,
        installation.operator().residentMiB());
  }

  /** Times each start, from before its first request to the API server until it is ready. */
  Starts start(Case what, int count, int atOnce) {
    var prefix = "%s-%04d-".formatted(what.key().replace('_', '-'), rounds++);
    var millis = new ConcurrentHashMap<String, Double>();
    try (var ready = run.tenant().watch(what)) {
      var times =
          Sample.of(
              count,
              atOnce,
              index -> {
                var begun = System.nanoTime();
                var name =
                    run.tenant()
                        .start(
                            what,
                            prefix + "%05d".formatted(index),
                            run.installation().apiPort(index));
                var took = (ready.await(name) - begun) / 1e6;
                millis.put(name, took);
                return took;
              });
      return new Starts(millis, times);
    }
  }

  private long operatorCpuMillis() {
    return run.installation().operator().cpuMillis();
  }
}
