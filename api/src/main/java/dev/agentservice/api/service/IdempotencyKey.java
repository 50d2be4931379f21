package dev.agentservice.api.service;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.Base32Digest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The caller's key, by which a call may be sent again (IETF draft-ietf-httpapi-idempotency-key
 * -header): 1 to 255 visible ASCII characters, bare or as a quoted string.
 */
public record IdempotencyKey(String text) {

  public static final String HEADER = "Idempotency-Key";

  private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,255}");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([\\\\\"])");

  /** Backslashes before a quote or another backslash, as RFC 8941 escapes them in a string. */
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\[\\\\\"])*)\"");

  /**
   * Reads the header, which must be there.
   *
   * @throws Problem {@code invalid_idempotency_key}
   */
  public static IdempotencyKey required(List<String> values) {
    return optional(values)
        .orElseThrow(() -> invalid("The header Idempotency-Key is required to create a service."));
  }

  /** Reads the header; empty where there is none. */
  public static Optional<IdempotencyKey> optional(List<String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1) {
      throw invalid("The header Idempotency-Key is there more than once.");
    }
    var value = values.getFirst().strip();
    var quoted = QUOTED.matcher(value);
    var text = quoted.matches() ? ESCAPED.matcher(quoted.group(1)).replaceAll("$1") : value;
    if (!VISIBLE.matcher(text).matches()) {
      throw invalid(
          "The header Idempotency-Key must be 1 to 255 visible ASCII characters, bare or quoted.");
    }
    return Optional.of(new IdempotencyKey(text));
  }

  /**
   * Base32 digits that are the same wherever and whenever the same call is made. None of the parts
   * can contain the separator.
   */
  String digest(int digits, String... scope) {
    return Base32Digest.of(String.join("\n", scope) + "\n" + text, digits);
  }

  private static Problem invalid(String detail) {
    return new Problem(ErrorCode.INVALID_IDEMPOTENCY_KEY, detail);
  }
}
