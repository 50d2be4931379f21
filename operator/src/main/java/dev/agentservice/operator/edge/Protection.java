package dev.agentservice.operator.edge;

import java.net.HttpURLConnection;

/**
 * Whether the gateway refuses callers without credentials, by what it last answered one.
 *
 * @param proven no route is made without
 * @param reason the machine word
 */
public record Protection(boolean proven, String reason, String message) {

  /** Before the first answer. */
  public static final Protection NOT_ASKED =
      new Protection(false, "NotAsked", "The gateway has not been asked yet.");

  private static final Protection PROVEN =
      new Protection(true, "Refused", "The gateway refuses callers without credentials.");

  private static final int SERVER_ERROR = 500;

  /** What came of a request without credentials. */
  public sealed interface Answer {

    record Status(int code) implements Answer {}

    /** Nothing, or nothing that one could go by. */
    record None() implements Answer {}
  }

  /**
   * What is known after an answer. A gateway that was seen to refuse and is away, or cannot ask the
   * authorizer, lets nobody through either.
   */
  public Protection after(Answer answer) {
    return switch (answer) {
      case Answer.Status(int code) when code == HttpURLConnection.HTTP_UNAUTHORIZED -> PROVEN;
      case Answer.Status(int code) when code >= SERVER_ERROR && proven -> this;
      case Answer.Status(int code) ->
          new Protection(
              false,
              "NotRefused",
              "A caller without credentials got HTTP %d from the gateway, and not 401."
                  .formatted(code));
      case Answer.None _ when proven -> this;
      case Answer.None _ ->
          new Protection(
              false, "NoAnswer", "The gateway does not answer at the host of the sentinel.");
    };
  }
}
