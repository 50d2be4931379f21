package dev.agentservice.api.http;

import dev.agentservice.api.problem.ErrorCode;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.concurrent.Semaphore;

/** Bounds how many requests are worked on at a time: more are told to come again. */
final class InFlight implements Filter {

  private final Semaphore places;

  InFlight(int atOnce) {
    this.places = new Semaphore(atOnce);
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (!places.tryAcquire()) {
      Answers.send(response, ErrorCode.OVERLOADED);
      return;
    }
    try {
      chain.proceed();
    } finally {
      places.release();
    }
  }
}
