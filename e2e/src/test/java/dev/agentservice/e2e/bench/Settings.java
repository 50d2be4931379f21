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
 * @param live numbers of live services beside which a round is made again, beyond those that the
 *     rounds leave; empty: not at all
 * @param restarts how often the operator is started for the time that takes
 * @param idleSeconds how long nothing is done, to see whether the operator asks anything
 * @param readSeconds how long the HTTP API is read from, and the authorizer asked
 * @param realStarts starts of each kind on the real node, by a create and by the HTTP API
 * @param minutes until when the figures are to be there: where that is not enough for all rounds
 *     and numbers of live services, there are fewer. To clear up takes longer
 */
record Settings(
    int rounds,
    int oneByOne,
    int burst,
    int atOnce,
    List<Integer> live,
    int restarts,
    int idleSeconds,
    int readSeconds,
    int realStarts,
    int minutes) {

  static Settings from(Map<String, String> environment) {
    return new Settings(
        number("ROUNDS", environment),
        number("ONE_BY_ONE", environment),
        number("BURST", environment),
        number("AT_ONCE", environment),
        Arrays.stream(environment.get("LIVE").split(" ", -1))
            .filter(text -> !text.isEmpty())
            .map(Integer::valueOf)
            .toList(),
        number("RESTARTS", environment),
        number("IDLE_SECONDS", environment),
        number("READ_SECONDS", environment),
        number("REAL_STARTS", environment),
        number("MINUTES", environment));
  }

  /** How many services there are at most at one time. */
  int mostServices() {
    var ofRound = (oneByOne + burst) * Case.values().length;
    return Math.max(rounds * ofRound, live.isEmpty() ? 0 : live.getLast()) + ofRound;
  }

  private static int number(String variable, Map<String, String> environment) {
    return Integer.parseInt(environment.get(variable));
  }
}
