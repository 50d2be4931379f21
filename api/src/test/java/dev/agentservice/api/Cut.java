package dev.agentservice.api;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.function.Predicate;

/** A network in which the API server can be lost: requests go to a port where nobody listens. */
final class Cut implements Interceptor {

  private final Predicate<URI> which;
  private volatile boolean isOn;

  private Cut(Predicate<URI> which) {
    this.which = which;
  }

  static Cut ofAll() {
    return new Cut(_ -> true);
  }

  /** What is listed is known, and nothing that happens after. */
  static Cut ofWatches() {
    return new Cut(uri -> uri.getQuery() != null && uri.getQuery().contains("watch=true"));
  }

  void on() {
    isOn = true;
  }

  void off() {
    isOn = false;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (isOn && which.test(request.uri())) {
      builder.uri(URI.create("https://127.0.0.1:1" + request.uri().getPath()));
    }
  }
}
