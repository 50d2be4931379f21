package dev.agentservice.operator.launcher;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a container's output into lines. The launcher's are short; of a longer one, which the agent
 * has begun, the end is kept, for the launcher's word may stand there.
 */
final class LineReader {

  private static final int LONGEST = 1024;

  private final byte[] begun = new byte[2 * LONGEST];
  private int length;

  /** The lines that end within {@code bytes}. */
  List<String> read(ByteBuffer bytes) {
    var lines = new ArrayList<String>();
    while (bytes.hasRemaining()) {
      var octet = bytes.get();
      if (octet == '\n') {
        lines.add(new String(begun, 0, length, StandardCharsets.UTF_8));
        length = 0;
      } else {
        add(octet);
      }
    }
    return lines;
  }

  private void add(byte octet) {
    if (length == begun.length) {
      System.arraycopy(begun, LONGEST, begun, 0, LONGEST);
      length = LONGEST;
    }
    begun[length++] = octet;
  }
}
