package dev.agentservice.api.log;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A place between two lines of a sandbox's log. By time, for a node throws the oldest lines away.
 *
 * @param sandbox whose log; another one's begins anew
 * @param ordinal how many lines were given before
 * @param time the latest of the lines before, RFC 3339 with nanoseconds; empty at the beginning
 * @param within how many lines of that very time were given
 */
record LogPosition(String sandbox, int ordinal, String time, int within) {

  private static final Pattern TEXT =
      Pattern.compile("([-a-z0-9.]{1,253})/(\\d{1,9})/([-0-9T:.Z]{0,40})/(\\d{1,9})");

  static LogPosition start(String sandbox) {
    return new LogPosition(sandbox, 0, "", 0);
  }

  static LogPosition parse(String cursor) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
      var parts = TEXT.matcher(text);
      if (parts.matches() && isTime(parts.group(3))) {
        return new LogPosition(
            parts.group(1),
            Integer.parseInt(parts.group(2)),
            parts.group(3),
            Integer.parseInt(parts.group(4)));
      }
    } catch (IllegalArgumentException _) {
      // as below
    }
    throw new Problem(
        ErrorCode.INVALID_PARAMETER, "cursor must be the next_cursor of an earlier answer.");
  }

  private static boolean isTime(String text) {
    try {
      return text.isEmpty() || Instant.parse(text) != null;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  String cursor() {
    var text = "%s/%d/%s/%d".formatted(sandbox, ordinal, time, within);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The place after a line of that order. */
  LogPosition after(String lineTime) {
    return new LogPosition(sandbox, ordinal + 1, lineTime, lineTime.equals(time) ? within + 1 : 1);
  }
}
