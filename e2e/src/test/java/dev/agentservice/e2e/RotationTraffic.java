package dev.agentservice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers with good tokens, fresh ones all the time, at the authorizer's Service: as a gateway asks
 * for them.
 */
final class RotationTraffic {

  private static final int AT_ONCE = 4;
  private static final int REQUESTS_PER_TOKEN = 20;

  private final PublicService service;
  private final URI authorizer;
  private final String host;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger byNewKey = new AtomicInteger();
  private final Queue<String> refusals = new ConcurrentLinkedQueue<>();

  RotationTraffic(PublicService service, String authorizersAddress) {
    this.service = service;
    host = service.host();
    authorizer = URI.create("http://" + authorizersAddress + "/edge/authorize");
  }

  /** Until there were so many, and as many by the key that was added. */
  void run(int atLeast, int byNewKeyAtLeast, String newKeyId) {
    try (var callers = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var caller = 0; caller < AT_ONCE; caller++) {
        var _ =
            callers.submit(
                () -> {
                  while (requests.get() < atLeast || byNewKey.get() < byNewKeyAtLeast) {
                    ask(service.token(), newKeyId);
                  }
                });
      }
    }
    http.close();
  }

  private void ask(String token, String newKeyId) {
    for (var i = 0; i < REQUESTS_PER_TOKEN; i++) {
      var answer = answerTo(token);
      requests.incrementAndGet();
      if (token.startsWith("1." + newKeyId + ".")) {
        byNewKey.incrementAndGet();
      }
      if (!answer.equals("ok")) {
        refusals.add(answer);
      }
    }
  }

  private String answerTo(String token) {
    try {
      return http.send(
              HttpRequest.newBuilder(authorizer)
                  .version(HttpClient.Version.HTTP_1_1)
                  .header("X-Forwarded-Method", "GET")
                  .header("X-Forwarded-Host", host)
                  .header("X-Forwarded-Uri", "/")
                  .header("X-Edge-Token", token)
                  .build(),
              BodyHandlers.discarding())
          .headers()
          .firstValue("X-Edge-Reason")
          .orElse("no reason");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Queue<String> refusals() {
    return refusals;
  }

  @Override
  public String toString() {
    return "%d requests, %d by the new key, %d refused"
        .formatted(requests.get(), byNewKey.get(), refusals.size());
  }
}
