package dev.agentservice.e2e.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How much is measured.
 *
 * @param rounds of each case, interleaved; what is told is the median
 * @param oneByOne starts of a round that follow each other
 * @param burst starts of a round that meet
 * @param atOnce how many of them are under way at a time
 * @param live numbers of live services at which the burst is measured again; empty: not at all
 * @param restarts how often the operator is started for the time that takes
 * @param idleSeconds how long nothing is done, to see whether the operator asks anything
 * @param readSeconds how long the HTTP API is read from
 */
record Settings(
    int rounds,
    int oneByOne,
    int burst,
    int atOnce,
    List<Integer> live,
    int restarts,
    int idleSeconds,
    int readSeconds) {

  static Settings from(Map<String, String> environment) {
    return new Settings(
        number("ROUNDS", 3, environment),
        number("ONE_BY_ONE", 50, environment),
        number("BURST", 500, environment),
        number("AT_ONCE", 20, environment),
        Arrays.stream(environment.getOrDefault("LIVE", "").split(",", -1))
            .filter(text -> !text.isBlank())
            .map(text -> Integer.valueOf(text.strip()))
            .toList(),
        number("RESTARTS", 3, environment),
        number("IDLE_SECONDS", 60, environment),
        number("READ_SECONDS", 5, environment));
  }

  /** How many services there are at most at one time. */
  int mostServices() {
    return live.isEmpty() ? burst : live.getLast() + 2 * burst;
  }

  private static int number(String variable, int otherwise, Map<String, String> environment) {
    var text = environment.getOrDefault(variable, "");
    return text.isEmpty() ? otherwise : Integer.parseInt(text);
  }
}
