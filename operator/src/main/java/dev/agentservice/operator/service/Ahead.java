package dev.agentservice.operator.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A request that is under way while others are made. Each is a round trip, and a start is as long
 * as those that have to wait for each other.
 */
final class Ahead<T> {

  private final CompletableFuture<T> answer;

  private Ahead(CompletableFuture<T> answer) {
    this.answer = answer;
  }

  /** Begins it. Nobody has to wait for it: what it then throws is dropped. */
  static <T> Ahead<T> of(Supplier<T> request) {
    return new Ahead<>(CompletableFuture.supplyAsync(request, Thread::startVirtualThread));
  }

  /** Waits for its answer, or throws what it threw. */
  T get() {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
