package dev.agentservice.api;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.function.Predicate;

/** Answers some requests in the API server's stead. */
final class StandIn implements Interceptor, AutoCloseable {

  private final HttpServer server;
  private final Predicate<HttpRequest> which;
  private volatile boolean isOn = true;

  private StandIn(Predicate<HttpRequest> which, int code, Function<URI, String> body) {
    this.which = which;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().readAllBytes();
            var bytes = body.apply(exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
          }
        });
    server.start();
  }

  /** Refuses to create objects of one kind, as a quota does. */
  static StandIn refusingCreates(String plural, int code, String reason) {
    return refusing(
        request -> request.method().equals("POST") && request.uri().getPath().endsWith(plural),
        code,
        reason);
  }

  /** Refuses to change objects of one kind, as where another writer is faster each time. */
  static StandIn conflictingUpdates(String plural) {
    return refusing(
        request ->
            request.method().equals("PUT") && request.uri().getPath().contains("/" + plural + "/"),
        409,
        "Conflict");
  }

  private static StandIn refusing(Predicate<HttpRequest> which, int code, String reason) {
    return new StandIn(
        which,
        code,
        _ ->
            """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "%s", "code": %d}"""
                .formatted(reason, code));
  }

  /** Gives pods' logs, as a node does: by the query. */
  static StandIn ofLogs(Function<String, String> log) {
    return new StandIn(
        request -> request.uri().getPath().endsWith("/log"), 200, uri -> log.apply(uri.getQuery()));
  }

  void off() {
    isOn = false;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (isOn && which.test(request)) {
      builder.uri(
          URI.create(
              "http://127.0.0.1:%d/?%s"
                  .formatted(server.getAddress().getPort(), request.uri().getRawQuery())));
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
