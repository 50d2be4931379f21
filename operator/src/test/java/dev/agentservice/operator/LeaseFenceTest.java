package dev.agentservice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseFenceTest {

  private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/system/leases/op";
  private static final String POD = "/api/v1/namespaces/leases/pods/s";

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger ended = new AtomicInteger();
  private final LeaseFence fence = new LeaseFence(now::get, ended::incrementAndGet);

  @Test
  void aWriteUnderARenewedLeaseBegins() {
    answered(begun("PATCH", LEASE), 200);
    pass(Duration.ofSeconds(10));
    begun("PATCH", POD);

    assertThat(ended).hasValue(0);
  }

  @Test
  void aWriteOfALeaderThatWasFrozenEndsIt() {
    answered(begun("PATCH", LEASE), 200);
    pass(Duration.ofSeconds(11));
    begun("GET", POD);
    assertThat(ended).as("a read does no harm").hasValue(0);

    begun("PATCH", POD);
    assertThat(ended).hasValue(1);
  }

  @Test
  void aRenewalCountsFromWhenItWasAskedFor() {
    var renewal = begun("PUT", LEASE);
    pass(Duration.ofSeconds(11));
    answered(renewal, 200);
    begun("PATCH", POD);

    assertThat(ended).hasValue(1);
  }

  @Test
  void aRefusedRenewalIsNone() {
    answered(begun("PATCH", LEASE), 200);
    pass(Duration.ofSeconds(11));
    answered(begun("PATCH", LEASE), 409);
    begun("POST", POD);

    assertThat(ended).hasValue(1);
  }

  @Test
  void whoNeverHeldALeaseIsNotHeldUp() {
    pass(Duration.ofMinutes(1));
    begun("PATCH", POD);

    assertThat(ended).hasValue(0);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private HttpRequest begun(String method, String path) {
    var request =
        new StandardHttpRequest.Builder()
            .uri("https://api" + path)
            .method(method, "application/json", "{}")
            .build();
    fence.before(null, request, null);
    return request;
  }

  private void answered(HttpRequest request, int code) {
    fence.after(request, new Answer(request, code), null);
  }

  private record Answer(HttpRequest request, int code) implements HttpResponse<Void> {

    @Override
    public Void body() {
      return null;
    }

    @Override
    public Optional<HttpResponse<?>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public List<String> headers(String key) {
      return List.of();
    }

    @Override
    public Map<String, List<String>> headers() {
      return Map.of();
    }
  }
}
