package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A value that is nowhere else in the world, and what it looks like where it has leaked. */
record Canary(String value) {

  static Canary random() {
    return new Canary("canary-" + UUID.randomUUID());
  }

  /** As it is, and as base64 of any text that has it inside. */
  List<String> traces() {
    return Stream.concat(Stream.of(value), IntStream.range(0, 3).mapToObj(this::base64)).toList();
  }

  /** The text is not told where that fails: it may be all of a cluster. */
  void assertHiddenIn(String text) {
    for (var trace : traces()) {
      var at = text.indexOf(trace);
      assertThat(at)
          .as(() -> "leaked: " + text.substring(Math.max(0, at - 500), at + trace.length()))
          .isNegative();
    }
  }

  /**
   * Base64 writes three bytes as four digits, so it depends on where in its text the value begins;
   * digits that also depend on its neighbours are left out.
   */
  private String base64(int bytesBefore) {
    var text = " ".repeat(bytesBefore) + value;
    var digits =
        Base64.getEncoder()
            .withoutPadding()
            .encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    return digits.substring(bytesBefore == 0 ? 0 : 4, text.length() / 3 * 4);
  }
}
