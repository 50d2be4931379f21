package dev.agentservice.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The way to the API server, byte for byte. Connections on it can freeze, as where a machine or a
 * link is gone and nobody says so.
 */
final class Tunnel implements AutoCloseable {

  private final URI server;
  private final ServerSocket entry;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  private Tunnel(URI server) {
    this.server = server;
    try {
      entry = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  static Tunnel to(String server) {
    return new Tunnel(URI.create(server));
  }

  String url() {
    return "https://127.0.0.1:" + entry.getLocalPort();
  }

  /**
   * Whatever is sent on the connections that there are does not arrive. New ones are not frozen.
   */
  void freeze() {
    connections.forEach(connection -> connection.frozen = true);
  }

  /** What was sent meanwhile arrives now. */
  void thaw() {
    connections.forEach(Connection::thaw);
  }

  @Override
  public void close() {
    try {
      entry.close();
      thaw();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        var near = entry.accept();
        var far = new Socket(server.getHost(), server.getPort());
        var connection = new Connection();
        connections.add(connection);
        Thread.ofVirtual().start(() -> connection.pump(near, far));
        Thread.ofVirtual().start(() -> connection.pump(far, near));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private static final class Connection {

    private volatile boolean frozen;

    private void pump(Socket from, Socket to) {
      var buffer = new byte[16 * 1024];
      try (from;
          to) {
        var in = from.getInputStream();
        for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          awaitThaw();
          to.getOutputStream().write(buffer, 0, read);
        }
        awaitThaw();
      } catch (IOException _) {
        // one side is gone: so is the other
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void awaitThaw() throws InterruptedException {
      while (frozen) {
        wait();
      }
    }

    private synchronized void thaw() {
      frozen = false;
      notifyAll();
    }
  }
}
