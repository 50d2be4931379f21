package dev.agentservice.api.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends connections whose client is slow to finish a request's head, or to read an answer. Helidon
 * 4.5.0 bounds single reads and idle connections only: a byte now and then, or none read at all,
 * would hold a connection and its place for ever.
 */
final class SlowClients implements ServerConnectionSelector, Filter, AutoCloseable {

  private static final ScopedValue<Progress> PROGRESS = ScopedValue.newInstance();
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final ServerConnectionSelector http;
  private final Duration patience;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Thread watch = Thread.ofVirtual().name("slow-clients").unstarted(this::watch);

  SlowClients(Http1Config config, Duration patience) {
    this.http = Http1ConnectionSelector.builder().config(config).build();
    this.patience = patience;
    watch.start();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_AGAIN);
        connections.forEach(Connection::endIfLate);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 1;
  }

  /** There is no other protocol, and the first byte begins the head. */
  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    var progress = new Progress(patience);
    progress.begins();
    return new Connection(http.connection(new WatchedContext(context, progress)), progress);
  }

  /** From the end of its head on a request has other bounds, but for the writing of its answer. */
  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    PROGRESS.get().answering(chain::proceed);
  }

  @Override
  public void close() {
    watch.interrupt();
  }

  private final class Connection implements ServerConnection {

    private final ServerConnection http;
    private final Progress progress;

    Connection(ServerConnection http, Progress progress) {
      this.http = http;
      this.progress = progress;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      connections.add(this);
      try {
        ScopedValue.where(PROGRESS, progress)
            .<Void, InterruptedException>call(
                () -> {
                  http.handle(limit);
                  return null;
                });
      } finally {
        connections.remove(this);
      }
    }

    @Override
    public Duration idleTime() {
      return http.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      http.close(interrupt);
    }

    void endIfLate() {
      if (progress.isLate()) {
        http.close(true);
      }
    }
  }
}
