package dev.agentservice.api.service;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;

/**
 * The body of a stop; it may be left out.
 *
 * @param reason for people; null where none is given
 */
public record StopRequest(String reason) {

  /** What the resource takes as {@code spec.stopReason}. */
  private static final int MAX_REASON = 1024;

  /** Reads {@code {"reason": string or null, "retain_sandbox": boolean}}. */
  public static StopRequest parse(byte[] body) {
    if (body.length == 0) {
      return new StopRequest(null);
    }
    var reading =
        new Object() {
          String reason = null;
        };
    JsonBody.read(
        body,
        (name, parser) -> {
          switch (name) {
            case "reason" -> reading.reason = reason(name, JsonBody.stringOrNull(name, parser));
            case "retain_sandbox" -> refuseToRetain(JsonBody.flag(name, parser));
            default -> {
              return false;
            }
          }
          return true;
        });
    return new StopRequest(reading.reason);
  }

  static String reason(String field, String text) {
    if (text != null && text.length() > MAX_REASON) {
      throw new Problem(
          ErrorCode.INVALID_BODY, field + " must have at most " + MAX_REASON + " characters.");
    }
    return text;
  }

  private static void refuseToRetain(boolean asked) {
    if (asked) {
      throw new Problem(
          ErrorCode.INVALID_BODY,
          "retain_sandbox must be false: a stopped service gives its sandbox back.");
    }
  }
}
