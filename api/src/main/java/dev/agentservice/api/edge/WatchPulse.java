package dev.agentservice.api.edge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether watches still tell what happens. The API server sends each a bookmark about once a minute
 * where nothing else is to be told, so a version that stands still is a watch that is deaf.
 */
final class WatchPulse {

  /** Two bookmarks. */
  static final Duration SILENCE = Duration.ofMinutes(2);

  private record Beat(String version, Instant at) {}

  private volatile List<Beat> beats = List.of();

  /** Takes note of how far each watch has come; one that was never heard of has no version. */
  void listen(List<String> versions, Instant now) {
    var before = beats;
    beats =
        IntStream.range(0, versions.size())
            .mapToObj(
                i ->
                    i < before.size() && before.get(i).version().equals(versions.get(i))
                        ? before.get(i)
                        : new Beat(versions.get(i), now))
            .toList();
  }

  /** Whether all of them were heard of lately. */
  boolean isAlive(Instant now) {
    var heard = beats;
    return !heard.isEmpty()
        && heard.stream()
            .allMatch(beat -> !beat.version().isEmpty() && now.isBefore(beat.at().plus(SILENCE)));
  }
}
