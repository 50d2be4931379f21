package dev.agentservice.operator.edge;

import dev.agentservice.operator.edge.Protection.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A caller from outside without credentials, at the sentinel's host. */
final class Visitor implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(1)
              .setWorkerPoolSize(1)
              // nothing of it is needed, and the root is read-only
              .setFileSystemOptions(
                  new FileSystemOptions()
                      .setClassPathResolvingEnabled(false)
                      .setFileCachingEnabled(false)));
  private final HttpClient http;
  private final RequestOptions request;

  Visitor(PublicUrlSettings settings, String host) {
    var verify = settings.sentinel().verifyTls();
    http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setKeepAlive(false)
                .setForceSni(true)
                .setTrustAll(!verify)
                .setVerifyHost(verify));
    request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setSsl(true)
            .setHost(host)
            .setPort(settings.port())
            .setURI("/")
            .setTimeout(PATIENCE.toMillis());
    var address = settings.sentinel().address();
    if (!address.isEmpty()) {
      var colon = address.lastIndexOf(':');
      request.setServer(
          SocketAddress.inetSocketAddress(
              Integer.parseInt(address.substring(colon + 1)), address.substring(0, colon)));
    }
  }

  Answer come() {
    try {
      return http.request(request)
          .compose(sent -> sent.send().map(HttpClientResponse::statusCode))
          .<Answer>map(Answer.Status::new)
          .toCompletionStage()
          .toCompletableFuture()
          .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      return new Answer.None();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Answer.None();
    }
  }

  @Override
  public void close() {
    var _ = vertx.close();
  }
}
