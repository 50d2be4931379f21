package dev.agentservice.api.auth;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers of the API server to the same question, kept for a moment. Of many who ask at once one
 * asks the API server. A question that failed is asked again by the next.
 */
final class Reviews<Q, A> {

  private static final int MAX_ANSWERS = 10_000;
  private static final Executor VIRTUAL = Executors.newVirtualThreadPerTaskExecutor();

  private final AsyncCache<Q, A> answers;

  /**
   * @param keptFor how long an answer may be used
   */
  Reviews(Function<A, Duration> keptFor) {
    answers =
        Caffeine.newBuilder()
            .maximumSize(MAX_ANSWERS)
            .expireAfter(Expiry.<Q, A>creating((_, answer) -> keptFor.apply(answer)))
            .buildAsync();
  }

  A get(Q question, Supplier<A> review) {
    // its loading runs beside the cache's own locks: a slow answer holds up nobody else's
    var answer = answers.get(question, (_, _) -> CompletableFuture.supplyAsync(review, VIRTUAL));
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
