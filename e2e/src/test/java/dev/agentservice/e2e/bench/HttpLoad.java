package dev.agentservice.e2e.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls of the HTTP API for their own sake, with the operator at work as in life. */
record HttpLoad(Settings settings, Tenant tenant, Installation installation) {

  /** So many reads are timed to know how many there are to be. */
  private static final int PROBE = 200;

  Map<String, Double> with(int replicas) {
    installation.scaleApi(replicas);
    var names = new CopyOnWriteArrayList<String>();
    var posts =
        Sample.of(
            settings.burst(),
            settings.atOnce(),
            index ->
                Sample.millis(
                    () ->
                        names.add(
                            tenant.post(
                                installation.apiPort(index), "load-" + replicas + "-" + index))));
    var gets = reads(names);
    tenant.clear();
    var numbers = new TreeMap<String, Double>();
    numbers.put("creates_per_s", posts.perSecond());
    numbers.put("post_p50_ms", posts.percentile(50));
    numbers.put("post_p99_ms", posts.percentile(99));
    numbers.put("reads_per_s", gets.perSecond());
    numbers.put("get_p50_ms", gets.percentile(50));
    numbers.put("get_p99_ms", gets.percentile(99));
    return numbers;
  }

  private Sample reads(List<String> names) {
    var probe = read(names, PROBE);
    return read(names, (int) (probe.perSecond() * settings.readSeconds()));
  }

  private Sample read(List<String> names, int count) {
    return Sample.of(
        count,
        settings.atOnce(),
        index ->
            Sample.millis(
                () -> tenant.get(installation.apiPort(index), names.get(index % names.size()))));
  }
}
