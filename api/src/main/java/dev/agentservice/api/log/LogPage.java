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
    while (all.hasNext()) {
      var line = all.next();
      var order = line.time().compareTo(after.time());
      if (order < 0 || (order == 0 && given++ < after.within())) {
        continue;
      }
      if (lines.size() == limit) {
        return new LogPage(here.ordinal() - limit, lines, positions, true, here);
      }
      here = here.after(line.time());
      if (left > 0) {
        left--;
      } else {
        lines.add(line);
        positions.add(here);
      }
    }
    return new LogPage(here.ordinal() - lines.size(), lines, positions, false, here);
  }
}
