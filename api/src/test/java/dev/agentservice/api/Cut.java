package dev.agentservice.api;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;

/** A network in which the API server can be lost: requests go to a port where nobody listens. */
final class Cut implements Interceptor {

  private volatile boolean isOn;

  void on() {
    isOn = true;
  }

  void off() {
    isOn = false;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (isOn) {
      builder.uri(URI.create("https://127.0.0.1:1" + request.uri().getPath()));
    }
  }
}
