package dev.agentservice.api;

import dev.agentservice.api.service.Steps;
import java.util.concurrent.CountDownLatch;

/** Holds every call at one step until it is let go. */
final class PausingSteps implements Steps {

  private final Step pausedAt;
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  PausingSteps(Step pausedAt) {
    this.pausedAt = pausedAt;
  }

  @Override
  public void reached(Step step) {
    if (step == pausedAt) {
      reached.countDown();
      await(released);
    }
  }

  void awaitCall() {
    await(reached);
  }

  boolean isReached() {
    return reached.getCount() == 0;
  }

  void release() {
    released.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
