package dev.agentservice.api.log;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayDeque;
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

  /** Of messages as JSON writes them, unless it is one only: a page is in memory as a whole. */
  private static final int MAX_BYTES = 256 * 1024;

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
    var bytes = 0;
    while (all.hasNext()) {
      var line = all.next();
      var order = line.order().compareTo(after.time());
      if (order < 0 || (order == 0 && given++ < after.within())) {
        continue;
      }
      if (left == 0) {
        bytes += bytes(line);
      }
      if (lines.size() == limit || (bytes > MAX_BYTES && !lines.isEmpty())) {
        return new LogPage(here.ordinal() - lines.size(), lines, positions, true, here);
      }
      here = here.after(line.order());
      if (left > 0) {
        left--;
      } else {
        lines.add(line);
        positions.add(here);
      }
    }
    return new LogPage(here.ordinal() - lines.size(), lines, positions, false, here);
  }

  /**
   * Takes the last lines.
   *
   * @param all what may be among them, from some line on
   */
  static LogPage last(Iterator<LogLine> all, LogPosition start, int count) {
    var last = new ArrayDeque<LogLine>();
    var bytes = 0;
    while (all.hasNext()) {
      var line = all.next();
      last.add(line);
      bytes += bytes(line);
      while (last.size() > count || (bytes > MAX_BYTES && last.size() > 1)) {
        bytes -= bytes(last.remove());
      }
    }
    return of(last.iterator(), start, 0, count);
  }

  private static int bytes(LogLine line) {
    return JsonStringEncoder.getInstance().quoteAsUTF8(line.message()).length;
  }
}
