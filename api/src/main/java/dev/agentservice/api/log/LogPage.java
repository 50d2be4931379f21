package dev.agentservice.api.log;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A part of a log.
 *
 * @param first how many lines came before the first one here
 * @param positions the place after each line
 */
record LogPage(
    int first, List<LogLine> lines, List<LogPosition> positions, boolean hasMore, LogPosition end) {

  /** A page is in memory as a whole, several times over. */
  private static final int MAX_CHARACTERS = 1024 * 1024;

  /**
   * Takes lines after a place.
   *
   * @param all the log, from that place's time on or earlier
   * @param skip how many more to leave out
   */
  static LogPage of(Iterator<LogLine> all, LogPosition after, int skip, int limit) {
    var lines = new ArrayList<LogLine>();
    var positions = new ArrayList<LogPosition>();
    var here = after;
    var given = 0;
    var left = skip;
    var characters = 0;
    while (all.hasNext()) {
      var line = all.next();
      var order = line.time().compareTo(after.time());
      if (order < 0 || (order == 0 && given++ < after.within())) {
        continue;
      }
      if (lines.size() == limit || characters >= MAX_CHARACTERS) {
        return new LogPage(here.ordinal() - lines.size(), lines, positions, true, here);
      }
      here = here.after(line.time());
      if (left > 0) {
        left--;
      } else {
        characters += line.message().length();
        lines.add(line);
        positions.add(here);
      }
    }
    return new LogPage(here.ordinal() - lines.size(), lines, positions, false, here);
  }
}
