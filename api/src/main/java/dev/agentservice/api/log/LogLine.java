package dev.agentservice.api.log;

/**
 * A line as a container wrote it.
 *
 * @param time RFC 3339 with up to nine digits of a second
 */
record LogLine(String time, String message) {

  /** Reads a line that the API server gave with its time in front. */
  static LogLine parse(String line) {
    var space = line.indexOf(' ');
    return space < 0
        ? new LogLine(line, "")
        : new LogLine(line.substring(0, space), line.substring(space + 1));
  }
}
