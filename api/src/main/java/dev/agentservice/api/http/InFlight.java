package dev.agentservice.api.http;

import dev.agentservice.api.problem.ErrorCode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many requests are worked on at a time, and of large ones a few only, since each is in
 * memory as a whole: more are told to come again.
 */
final class InFlight implements Filter {

  private static final int LARGE_BYTES = 64 * 1024;
  private static final int LARGE_AT_ONCE = 16;

  private final Semaphore places;
  private final Semaphore placesOfLarge = new Semaphore(LARGE_AT_ONCE);

  InFlight(int atOnce) {
    this.places = new Semaphore(atOnce);
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    within(
        places,
        response,
        () -> {
          if (isLarge(request)) {
            within(placesOfLarge, response, chain::proceed);
          } else {
            chain.proceed();
          }
        });
  }

  private static void within(Semaphore places, RoutingResponse response, Runnable work) {
    if (!places.tryAcquire()) {
      Answers.send(response, ErrorCode.OVERLOADED);
      return;
    }
    try {
      work.run();
    } finally {
      places.release();
    }
  }

  /** Also where it does not say how long it is. */
  private static boolean isLarge(RoutingRequest request) {
    return request.headers().contains(HeaderNames.TRANSFER_ENCODING)
        || request.headers().contentLength().orElse(0) > LARGE_BYTES;
  }
}
