package dev.agentservice.e2e.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/**
 * How long each of some things took, and all of them together.
 *
 * @param millis of each, in ascending order
 */
record Sample(List<Double> millis, double seconds) {

  private static final int PROBE = 200;

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

  /** Of starts one after the other. */
  static Sample of(List<Double> millis) {
    var sum = millis.stream().mapToDouble(Double::doubleValue).sum();
    return new Sample(millis.stream().sorted().toList(), sum / 1000);
  }

  /** Does something for about so long, after a probe of how often that is. */
  static Sample lasting(int seconds, int atOnce, IntConsumer thing) {
    IntToDoubleFunction timed = index -> millis(() -> thing.accept(index));
    var probe = of(PROBE, atOnce, timed);
    return of((int) (probe.perSecond() * seconds), atOnce, timed);
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

  /** The usual ones, by their names in JSON. */
  Map<String, Double> percentiles(String prefix) {
    var numbers = new LinkedHashMap<String, Double>();
    for (var percent : List.of(50, 90, 99)) {
      numbers.put("%sp%d_ms".formatted(prefix, percent), percentile(percent));
    }
    return numbers;
  }

  double perSecond() {
    return millis.size() / seconds;
  }
}
