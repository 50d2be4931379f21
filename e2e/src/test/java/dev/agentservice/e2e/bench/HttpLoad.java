package dev.agentservice.e2e.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Calls of the HTTP API for their own sake, with the operator at work as in life. */
record HttpLoad(Run run) {

  Map<String, Double> with(int replicas) {
    var settings = run.settings();
    var tenant = run.tenant();
    var installation = run.installation();
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
                                installation.apiPort(index),
                                Tenant.DEPLOYMENT,
                                "load-" + replicas + "-" + index))));
    var gets =
        Sample.lasting(
            settings.readSeconds(),
            settings.atOnce(),
            index -> tenant.get(installation.apiPort(index), names.get(index % names.size())));
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
}
