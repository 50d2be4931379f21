package dev.agentservice.api.log;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import java.io.IOException;
import java.io.Reader;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The lines of several runs, one after the other. Never more in memory than one line, and of that
 * no more than an agent should write in one.
 */
final class LogLines implements Iterator<LogLine>, AutoCloseable {

  private static final int MAX_LINE = 64 * 1024;

  /** One run's log, opened when its turn comes; empty where it is gone by then. */
  @FunctionalInterface
  interface Run {
    Optional<Reader> open();
  }

  private final Iterator<Run> runs;
  private Reader reader;
  private LogLine next;
  private boolean isBegun;

  LogLines(List<Run> runs) {
    this.runs = runs.iterator();
  }

  @Override
  public boolean hasNext() {
    if (!isBegun) {
      isBegun = true;
      advance(LogLine.NO_TIME);
    }
    return next != null;
  }

  @Override
  public LogLine next() {
    var line = next;
    advance(line.order());
    return line;
  }

  @Override
  public void close() {
    try {
      if (reader != null) {
        reader.close();
      }
    } catch (IOException _) {
      // it was only read
    }
  }

  private void advance(String former) {
    try {
      var text = reader == null ? null : line(reader);
      while (text == null && runs.hasNext()) {
        close();
        reader = runs.next().open().orElse(null);
        text = reader == null ? null : line(reader);
      }
      next = text == null ? null : LogLine.parse(text, former);
    } catch (IOException _) {
      throw new Problem(ErrorCode.KUBERNETES_UNAVAILABLE, "The log broke off.");
    }
  }

  /** Null at the end; what is too long is cut off. */
  private static String line(Reader reader) throws IOException {
    var line = new StringBuilder();
    var character = reader.read();
    if (character < 0) {
      return null;
    }
    for (; character >= 0 && character != '\n'; character = reader.read()) {
      if (line.length() < MAX_LINE) {
        line.append((char) character);
      }
    }
    var isCutInTwo = !line.isEmpty() && Character.isHighSurrogate(line.charAt(line.length() - 1));
    return isCutInTwo ? line.substring(0, line.length() - 1) : line.toString();
  }
}
