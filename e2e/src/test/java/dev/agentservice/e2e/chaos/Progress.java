package dev.agentservice.e2e.chaos;

import java.time.Duration;
import java.util.function.Supplier;

/** Lines on standard output, with the time since the beginning. */
public final class Progress {

  private final long begun = System.nanoTime();

  public void say(String line) {
    var passed = Duration.ofNanos(System.nanoTime() - begun);
    System.out.println("%02d:%02d %s".formatted(passed.toMinutes(), passed.toSecondsPart(), line));
  }

  /** Says {@code line} again and again, until interrupted. */
  public void each(long millis, Supplier<String> line) {
    while (true) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException _) {
        return;
      }
      say(line.get());
    }
  }

  public long seconds() {
    return Duration.ofNanos(System.nanoTime() - begun).toSeconds();
  }
}
