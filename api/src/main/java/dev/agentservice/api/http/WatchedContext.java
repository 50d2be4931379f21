package dev.agentservice.api.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** A connection as Helidon has it, whose reads and writes are told to its {@link Progress}. */
final class WatchedContext implements ConnectionContext {

  private final ConnectionContext context;
  private final DataReader reader;
  private final DataWriter writer;

  WatchedContext(ConnectionContext context, Progress progress) {
    this.context = context;
    this.reader = DataReader.create(() -> read(context.dataReader(), progress));
    this.writer = new WatchedWriter(context.dataWriter(), progress);
  }

  /** What is there; null at the end. */
  private static byte[] read(DataReader reader, Progress progress) {
    try {
      reader.ensureAvailable();
    } catch (DataReader.InsufficientDataAvailableException _) {
      return null;
    }
    progress.came();
    return reader.readBytes(reader.available());
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public ListenerContext listenerContext() {
    return context.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return context.executor();
  }

  @Override
  public Router router() {
    return context.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return context.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return context.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return context.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return context.localPeer();
  }

  @Override
  public boolean isSecure() {
    return context.isSecure();
  }

  @Override
  public String socketId() {
    return context.socketId();
  }

  @Override
  public String childSocketId() {
    return context.childSocketId();
  }

  private record WatchedWriter(DataWriter writer, Progress progress) implements DataWriter {

    @Override
    public void write(BufferData... buffers) {
      progress.writing(() -> writer.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
      progress.writing(() -> writer.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
      progress.writing(() -> writer.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
      progress.writing(() -> writer.writeNow(buffer));
    }

    @Override
    public void flush() {
      progress.writing(writer::flush);
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
