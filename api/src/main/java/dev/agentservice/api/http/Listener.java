package dev.agentservice.api.http;

import dev.agentservice.api.Settings;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The two ports: the API's, bounded against callers that are slow, large or many, and that of
 * health and metrics, which always answers.
 */
public final class Listener implements AutoCloseable {

  private static final String HEALTH = "health";
  private static final String EDGE = "edge";
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  /** What is thrown away of a body that nobody wants, before the connection is ended. */
  private static final long MAX_UNREAD_BYTES = 4L * Call.MAX_BODY_BYTES;

  private static final int MAX_CONNECTIONS = 4096;
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

  /** For the head of a request, from its first byte on, and for taking an answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How long answers that are under way may take after SIGTERM. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final SlowClients slowClients =
      new SlowClients(Http1Config.builder().maxHeadersSize(MAX_HEADER_BYTES).build(), PATIENCE);
  private final boolean hasEdge;
  private final Optional<CertificateFiles> certificate;
  private final WebServer server;
  private volatile boolean closing;

  /**
   * Begins to listen.
   *
   * @param ready whether callers may be sent here
   * @param routes adds the calls
   * @param edge adds what gateways ask, at a port of its own
   */
  public Listener(
      Settings settings,
      BooleanSupplier ready,
      Consumer<HttpRouting.Builder> routes,
      Optional<BiConsumer<HttpRouting.Builder, MeterRegistry>> edge) {
    new JvmMemoryMetrics().bindTo(metrics);
    new JvmGcMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    var builder = WebServer.builder();
    builder
        .port(settings.port())
        .maxPayloadSize(MAX_UNREAD_BYTES)
        .maxTcpConnections(MAX_CONNECTIONS)
        .idleConnectionTimeout(IDLE_TIMEOUT)
        .shutdownGracePeriod(DRAIN)
        .connectionOptions(socket -> socket.readTimeout(READ_TIMEOUT))
        .protocolsDiscoverServices(false)
        .addConnectionSelector(slowClients)
        .directHandlers(Answers.direct())
        .routing(routing -> api(routing, routes))
        .putSocket(HEALTH, listener -> health(listener, settings, ready));
    hasEdge = edge.isPresent();
    certificate = settings.tls().map(CertificateFiles::new);
    certificate.map(CertificateFiles::first).ifPresent(builder::tls);
    edge.ifPresent(asked -> builder.putSocket(EDGE, listener -> edge(listener, settings, asked)));
    server = builder.shutdownHook(false).build().start();
    certificate.ifPresent(files -> files.onRenewal(this::renewed));
  }

  public int port() {
    return server.port();
  }

  public int healthPort() {
    return server.port(HEALTH);
  }

  public int edgePort() {
    return server.port(EDGE);
  }

  @Override
  public void close() {
    closing = true;
    certificate.ifPresent(CertificateFiles::close);
    server.stop();
    slowClients.close();
  }

  /** Connections that are open keep the certificate that they began with. */
  private void renewed(Tls tls) {
    server.reloadTls(tls);
    if (hasEdge) {
      server.reloadTls(EDGE, tls);
    }
  }

  private void api(HttpRouting.Builder routing, Consumer<HttpRouting.Builder> routes) {
    routing
        .addFilter(slowClients)
        .addFilter(new ClosingConnections())
        .addFilter(new RequestLog(metrics));
    Answers.register(routing);
    routes.accept(routing);
    routing.any(
        (_, _) -> {
          throw new Problem(ErrorCode.NOT_FOUND);
        });
  }

  /** No line in the log for each question: its path says nothing, and there are thousands. */
  private void edge(
      ListenerConfig.Builder listener,
      Settings settings,
      BiConsumer<HttpRouting.Builder, MeterRegistry> asked) {
    listener
        .port(settings.publicUrls().orElseThrow().port())
        .maxTcpConnections(MAX_CONNECTIONS)
        .idleConnectionTimeout(IDLE_TIMEOUT)
        .connectionOptions(socket -> socket.readTimeout(READ_TIMEOUT))
        .addProtocol(Http1Config.builder().maxHeadersSize(MAX_HEADER_BYTES).build())
        .routing(
            routing -> {
              routing.addFilter(new ClosingConnections());
              asked.accept(routing, metrics);
            });
    certificate.map(CertificateFiles::first).ifPresent(listener::tls);
  }

  private void health(ListenerConfig.Builder listener, Settings settings, BooleanSupplier ready) {
    listener
        .port(settings.healthPort())
        .routing(
            routing ->
                routing
                    .get("/healthz", (_, response) -> answer(response, true))
                    .get(
                        "/readyz",
                        (_, response) -> answer(response, !closing && ready.getAsBoolean()))
                    .get(
                        "/metrics",
                        (_, response) ->
                            response
                                .header(
                                    HeaderNames.CONTENT_TYPE,
                                    "text/plain; version=0.0.4; charset=utf-8")
                                .send(metrics.scrape())));
  }

  private static void answer(ServerResponse response, boolean good) {
    response.status(good ? 200 : 503).send(good ? "ok" : "not ok");
  }
}
