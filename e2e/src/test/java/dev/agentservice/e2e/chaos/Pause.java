package dev.agentservice.e2e.chaos;

import java.util.function.BooleanSupplier;

/** Time that passes on purpose: a fault lasts, a user hesitates, an operator lives so long. */
public final class Pause {

  private Pause() {}

  public static void millis(long time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether {@code condition} came true within that time. */
  public static boolean until(BooleanSupplier condition, long atMostMillis) {
    var end = System.nanoTime() + atMostMillis * 1_000_000;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      millis(50);
    }
    return true;
  }
}
