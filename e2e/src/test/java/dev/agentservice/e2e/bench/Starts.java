package dev.agentservice.e2e.bench;

import java.util.Map;

/**
 * Things that were started and became ready.
 *
 * @param millis how long each took, by its name
 * @param times the same without names
 */
record Starts(Map<String, Double> millis, Sample times) {

  /** One that took the median time. */
  String median() {
    var wanted = times.percentile(50);
    return millis.entrySet().stream()
        .filter(each -> each.getValue() == wanted)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }
}
