package dev.agentservice.operator.metrics;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Counts what the client asks of the API server, and what the answers were. */
public final class RequestMetrics implements Interceptor {

  private static final int SWITCHING_PROTOCOLS = 101;
  private static final String NO_ANSWER = "error";

  private final OperatorMetrics metrics;

  public RequestMetrics(OperatorMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (response.isSuccessful() || response.code() == SWITCHING_PROTOCOLS) {
      count(request, Integer.toString(response.code()));
    }
  }

  /** Not above: a watch that is refused is told there more than once. */
  @Override
  public CompletableFuture<Boolean> afterFailure(
      BasicBuilder builder, HttpResponse<?> response, RequestTags tags) {
    if (response.code() != SWITCHING_PROTOCOLS) {
      count(response.request(), Integer.toString(response.code()));
    }
    return CompletableFuture.completedFuture(false);
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    count(request, NO_ANSWER);
  }

  private void count(HttpRequest request, String code) {
    var asked = KubernetesRequest.of(request.method(), request.uri());
    metrics.counter(Metric.API_REQUESTS, asked.verb(), asked.resource(), code).increment();
  }
}
