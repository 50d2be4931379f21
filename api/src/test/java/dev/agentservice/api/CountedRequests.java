package dev.agentservice.api;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Counts what is asked of the API server. */
final class CountedRequests implements Interceptor {

  private final Predicate<HttpRequest> which;
  private final AtomicInteger count = new AtomicInteger();

  CountedRequests(Predicate<HttpRequest> which) {
    this.which = which;
  }

  int count() {
    return count.get();
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (which.test(request)) {
      count.incrementAndGet();
    }
  }
}
