package dev.agentservice.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process that answers at a health port, and can be ended, frozen or looked at at any moment. */
public class Program implements AutoCloseable {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  /** Those that run: none may outlive this JVM, which may be interrupted. */
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  /** USER_HZ, which is the same on every Linux machine. */
  private static final long MILLIS_PER_TICK = 10;

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final int healthPort;

  /**
   * Starts it.
   *
   * @param log appended to
   */
  public Program(ProcessBuilder program, int healthPort, Path log) {
    this.healthPort = healthPort;
    try {
      process =
          program
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RUNNING.add(process);
  }

  /** Whether its caches are filled: an operator then leads, or waits for the lease. */
  public final boolean isReady() {
    try {
      return get("/readyz", Duration.ofSeconds(1)).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What it tells Prometheus. */
  public final String metrics() {
    try {
      return get("/metrics", Duration.ofSeconds(10)).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the process is there, frozen or not. */
  public final boolean isAlive() {
    return process.isAlive();
  }

  /** The process's id. */
  public final long pid() {
    return process.pid();
  }

  /** SIGKILL; returns once the process is gone. */
  public final void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(30));
  }

  /** SIGTERM; returns once the process is gone. */
  public final int terminate() {
    process.destroy();
    return awaitExit(Duration.ofSeconds(60));
  }

  /** SIGSTOP: it does nothing more, and does not know it. */
  public final void freeze() {
    signal("STOP");
  }

  /** SIGCONT: it goes on where it was. */
  public final void thaw() {
    signal("CONT");
  }

  /** The exit code, once the process ended by itself. */
  public final int awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it runs on after " + patience);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The most memory it ever had resident, in MiB; 0 once it is gone. */
  public final long peakResidentMiB() {
    return memoryMiB("VmHWM:");
  }

  /** The memory that it has resident now, in MiB; 0 once it is gone. */
  public final long residentMiB() {
    return memoryMiB("VmRSS:");
  }

  /** The processor time that it took so far, in all its threads. */
  public final long cpuMillis() {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
      var afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(afterName[11]) + Long.parseLong(afterName[12])) * MILLIS_PER_TICK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long memoryMiB(String field) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .map(kib -> kib / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path, Duration patience) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + path))
            .timeout(patience)
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public final void close() {
    kill();
  }

  private void signal(String name) {
    try {
      var sent = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      if (sent.waitFor() != 0) {
        throw new IllegalStateException("cannot send SIG" + name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** One that nothing listened on a moment ago. */
  public static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
