package dev.agentservice.api.log;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * A line as a container wrote it.
 *
 * @param time RFC 3339 in UTC with nine digits of a second, so that times sort as text
 */
record LogLine(String time, String message) {

  /** Before all lines. */
  static final String NO_TIME = "";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'");

  /**
   * Reads a line that the API server gave with its time in front: that of the node's zone.
   *
   * @param former the time of the line before, for one without any
   */
  static LogLine parse(String line, String former) {
    var space = line.indexOf(' ');
    var first = space < 0 ? line : line.substring(0, space);
    try {
      var time = OffsetDateTime.parse(first).withOffsetSameInstant(ZoneOffset.UTC).format(TIME);
      return new LogLine(time, space < 0 ? "" : line.substring(space + 1));
    } catch (DateTimeParseException _) {
      return new LogLine(former, line);
    }
  }
}
