package dev.agentservice.e2e.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntToDoubleFunction;

/**
 * How long each of some things took, and all of them together.
 *
 * @param millis of each, in ascending order
 */
record Sample(List<Double> millis, double seconds) {

  /**
   * Does something {@code count} times.
   *
   * @param atOnce so many at a time
   * @param thing told which one it is; gives how many milliseconds it took
   */
  static Sample of(int count, int atOnce, IntToDoubleFunction thing) {
    var begun = System.nanoTime();
    var times = new ArrayList<Double>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var room = new Semaphore(atOnce);
      var running = new ArrayList<Future<Double>>();
      for (var index = 0; index < count; index++) {
        var which = index;
        room.acquireUninterruptibly();
        running.add(
            threads.submit(
                () -> {
                  try {
                    return thing.applyAsDouble(which);
                  } finally {
                    room.release();
                  }
                }));
      }
      for (var each : running) {
        times.add(each.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    var seconds = (System.nanoTime() - begun) / 1e9;
    return new Sample(times.stream().sorted().toList(), seconds);
  }

  /** Times {@code thing}. */
  static double millis(Runnable thing) {
    var begun = System.nanoTime();
    thing.run();
    return (System.nanoTime() - begun) / 1e6;
  }

  /** So many of a hundred took no longer than this. */
  double percentile(int percent) {
    return millis.get((int) Math.ceil(percent / 100.0 * millis.size()) - 1);
  }

  double perSecond() {
    return millis.size() / seconds;
  }
}
