package dev.agentservice.api.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many requests are worked on at a time, and of those that are large or whose answers
 * are a few only, since each is in memory as a whole. No tenant gets more than half of the places.
 * More are told to come again.
 */
final class InFlight {

  private static final int LARGE_BYTES = 64 * 1024;
  private static final int LARGE_AT_ONCE = 16;

  private final Places all;
  private final Places large = new Places(LARGE_AT_ONCE);

  InFlight(int atOnce) {
    this.all = new Places(atOnce);
  }

  /**
   * Does the work if there is place for it.
   *
   * @param isLarge the request or its answer
   * @throws Problem {@code overloaded}
   */
  void work(boolean isLarge, String namespace, Runnable work) {
    all.within(
        namespace,
        () -> {
          if (isLarge) {
            large.within(namespace, work);
          } else {
            work.run();
          }
        });
  }

  /** Also where it does not say how long it is. */
  static boolean isLarge(ServerRequest request) {
    return request.headers().contains(HeaderNames.TRANSFER_ENCODING)
        || request.headers().contentLength().orElse(0) > LARGE_BYTES;
  }

  private static final class Places {

    private final Semaphore places;
    private final int ofOneTenant;
    private final Cache<String, Semaphore> ofTenants =
        Caffeine.newBuilder().expireAfterAccess(Duration.ofMinutes(10)).build();

    Places(int count) {
      places = new Semaphore(count);
      ofOneTenant = Math.max(1, count / 2);
    }

    void within(String namespace, Runnable work) {
      var own = ofTenants.get(namespace, _ -> new Semaphore(ofOneTenant));
      within(own, () -> within(places, work));
    }

    private static void within(Semaphore places, Runnable work) {
      if (!places.tryAcquire()) {
        throw new Problem(ErrorCode.OVERLOADED);
      }
      try {
        work.run();
      } finally {
        places.release();
      }
    }
  }
}
