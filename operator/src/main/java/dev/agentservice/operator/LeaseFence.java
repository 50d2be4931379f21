package dev.agentservice.operator;

import dev.agentservice.operator.metrics.KubernetesRequest;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets no write begin under a lease that was not renewed lately. A leader that was frozen and is
 * thawed goes on where it was; who finds out first, the one who renews the lease or one who writes,
 * is chance. An operator that never held a lease is not held up.
 */
final class LeaseFence implements Interceptor {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseFence.class);

  /** JOSDK's renew deadline; a follower waits for its lease duration, which is 5 s longer. */
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private final Runnable end;

  /** When the renewal was asked for that is under way, and the last one that succeeded. */
  private volatile long asked;

  private volatile long renewed;
  private volatile boolean held;

  /**
   * @param nanoTime a clock that goes on while the process is frozen
   * @param end ends the process at once
   */
  LeaseFence(LongSupplier nanoTime, Runnable end) {
    this.nanoTime = nanoTime;
    this.end = end;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    var wanted = KubernetesRequest.of(request.method(), request.uri());
    if (isRenewal(wanted)) {
      asked = nanoTime.getAsLong();
    } else if (wanted.isWrite()
        && held
        && nanoTime.getAsLong() - renewed > RENEW_DEADLINE.toNanos()) {
      LOG.error("the lease was not renewed in time: ending");
      end.run();
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (response.isSuccessful()
        && isRenewal(KubernetesRequest.of(request.method(), request.uri()))) {
      renewed = asked;
      held = true;
    }
  }

  private static boolean isRenewal(KubernetesRequest request) {
    return request.isWrite() && request.resource().equals("leases");
  }
}
