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
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One operator, run as a user would run it, that can be ended or frozen at any moment. */
public final class OperatorProcess implements AutoCloseable {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  /** Those that run: none may outlive this JVM, which may be interrupted. */
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private final Process process;
  private final int healthPort;

  private OperatorProcess(Process process, int healthPort) {
    this.process = process;
    this.healthPort = healthPort;
    RUNNING.add(process);
  }

  /**
   * Starts one whose lease identity is {@code identity}.
   *
   * @param kubeconfig the rights it runs under
   * @param log appended to
   * @param environment settings beside the identity and the health port
   */
  public static OperatorProcess start(
      String identity, Path kubeconfig, Path log, Map<String, String> environment) {
    var port = freePort();
    var builder =
        new ProcessBuilder(
            Repository.ROOT.resolve("operator/local.sh").toString(),
            "run",
            Repository.STATE.toString());
    var settings = new HashMap<>(environment);
    settings.put("KUBECONFIG", kubeconfig.toString());
    settings.put("POD_NAME", identity);
    settings.put("HEALTH_PORT", Integer.toString(port));
    settings.putIfAbsent("JAVA25_HOME", System.getProperty("java.home"));
    builder.environment().putAll(settings);
    try {
      return new OperatorProcess(
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start(),
          port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether its caches are filled: it leads, or waits for the lease. */
  public boolean isReady() {
    try {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + "/readyz"))
              .timeout(Duration.ofSeconds(1))
              .build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether the process is there, frozen or not. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL; returns once the process is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(30));
  }

  /** SIGTERM; returns once the process is gone. */
  public int terminate() {
    process.destroy();
    return awaitExit(Duration.ofSeconds(60));
  }

  /** SIGSTOP: it does nothing more, and does not know it. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT: it goes on where it was. */
  public void thaw() {
    signal("CONT");
  }

  /** The exit code, once the process ended by itself. */
  public int awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the operator runs on after " + patience);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The most memory it ever had resident, in MiB; 0 once it is gone. */
  public long peakResidentMiB() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .map(kib -> kib / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
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

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
