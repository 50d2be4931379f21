package dev.agentservice.api.problem;

import io.helidon.http.Status;

/**
 * The body of an error answer (RFC 9457, {@code application/problem+json}).
 *
 * @param type always {@code about:blank}: the status says what kind of problem it is
 * @param title the status' own words, as RFC 9457 wants them with that type
 * @param detail the sentence for people
 * @param error the same sentence, where clients of older habits look for it
 * @param code the word for programs
 * @param requestId to be found in the server's log
 */
public record ProblemDocument(
    String type,
    String title,
    int status,
    String detail,
    String error,
    String code,
    String requestId,
    boolean retryable) {

  public static final String MEDIA_TYPE = "application/problem+json";

  public static ProblemDocument of(ErrorCode code, String detail, String requestId) {
    return new ProblemDocument(
        "about:blank",
        Status.create(code.status()).reasonPhrase(),
        code.status(),
        detail,
        detail,
        code.code(),
        requestId,
        code.retryable());
  }
}
