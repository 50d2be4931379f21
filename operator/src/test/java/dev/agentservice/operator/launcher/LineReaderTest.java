package dev.agentservice.operator.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  private final LineReader lines = new LineReader();

  @Test
  void aLineMayComeInPieces() {
    assertThat(lines.read(bytes("one\ntw"))).containsExactly("one");
    assertThat(lines.read(bytes("o"))).isEmpty();
    assertThat(lines.read(bytes("\n\nthree"))).containsExactly("two", "");
  }

  @Test
  void ofALongLineTheEndIsKept() {
    assertThat(lines.read(bytes("x".repeat(1_000_000) + "the end\nnext\n")))
        .satisfiesExactly(
            line -> assertThat(line).endsWith("the end").hasSizeLessThan(4096),
            line -> assertThat(line).isEqualTo("next"));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
