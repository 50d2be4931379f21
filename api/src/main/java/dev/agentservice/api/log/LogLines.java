package dev.agentservice.api.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The lines of several runs, one after the other, never more in memory than one line. */
final class LogLines implements Iterator<LogLine>, AutoCloseable {

  /** One run's log, opened when its turn comes; empty where it is gone by then. */
  @FunctionalInterface
  interface Run {
    Optional<BufferedReader> open();
  }

  private final Iterator<Run> runs;
  private BufferedReader reader;
  private String next;

  LogLines(List<Run> runs) {
    this.runs = runs.iterator();
    advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public LogLine next() {
    var line = LogLine.parse(next);
    advance();
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

  private void advance() {
    try {
      next = reader == null ? null : reader.readLine();
      while (next == null && runs.hasNext()) {
        close();
        reader = runs.next().open().orElse(null);
        next = reader == null ? null : reader.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the log broke off", e);
    }
  }
}
