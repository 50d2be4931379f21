package dev.agentservice.api.log;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * A line as a container wrote it.
 *
 * @param time RFC 3339 in UTC with nine digits of a second, so that times sort as text
 * @param order the latest time until here, by which lines are found again: a clock may go back
 */
record LogLine(String time, String order, String message) {

  /** Before all lines. */
  static final String NO_TIME = "";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'");

  /**
   * Reads a line that the API server gave with its time in front: that of the node's zone.
   *
   * @param former the order of the line before, which is the time of one without any
   */
  static LogLine parse(String line, String former) {
    var space = line.indexOf(' ');
    var first = space < 0 ? line : line.substring(0, space);
    try {
      var time = OffsetDateTime.parse(first).withOffsetSameInstant(ZoneOffset.UTC).format(TIME);
      return new LogLine(
          time,
          time.compareTo(former) > 0 ? time : former,
          space < 0 ? "" : line.substring(space + 1));
    } catch (DateTimeParseException _) {
      return new LogLine(former, former, line);
    }
  }
}
