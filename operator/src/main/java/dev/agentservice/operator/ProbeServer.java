package dev.agentservice.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.agentservice.operator.metrics.OperatorMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * Answers the kubelet: {@code /healthz} whether the process should live, {@code /readyz} whether it
 * has synced its caches (a replica that waits for the lease is ready too). And Prometheus, at
 * {@code /metrics}.
 */
final class ProbeServer implements AutoCloseable {

  private final HttpServer server;

  /** A scraper that reads slowly must not keep the kubelet waiting. */
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  ProbeServer(int port, BooleanSupplier healthy, BooleanSupplier ready, OperatorMetrics metrics) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on HEALTH_PORT " + port, e);
    }
    server.createContext("/healthz", exchange -> answer(exchange, healthy.getAsBoolean()));
    server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
    server.createContext("/metrics", exchange -> answer(exchange, metrics));
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange, boolean good) throws IOException {
    answer(exchange, good ? 200 : 503, (good ? "ok" : "not ok").getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, OperatorMetrics metrics) throws IOException {
    var text = new ByteArrayOutputStream();
    metrics.write(text);
    exchange.getResponseHeaders().set("Content-Type", OperatorMetrics.CONTENT_TYPE);
    answer(exchange, 200, text.toByteArray());
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
