package dev.agentservice.e2e.chaos;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** One replica of the HTTP API, run as a user would run it. */
public final class ApiProcess extends Program {

  private final int port;

  private ApiProcess(ProcessBuilder api, int port, int healthPort, Path log) {
    super(api, healthPort, log);
    this.port = port;
  }

  /**
   * Starts one.
   *
   * @param kubeconfig the rights it runs under
   * @param log appended to
   */
  public static ApiProcess start(Path kubeconfig, Path log) {
    var port = freePort();
    var healthPort = freePort();
    var builder =
        new ProcessBuilder(
            Repository.ROOT.resolve("operator/local.sh").toString(),
            "run",
            Repository.STATE.toString(),
            "api");
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG",
                kubeconfig.toString(),
                "API_PORT",
                Integer.toString(port),
                "HEALTH_PORT",
                Integer.toString(healthPort)));
    builder.environment().putIfAbsent("JAVA25_HOME", System.getProperty("java.home"));
    return new ApiProcess(builder, port, healthPort, log);
  }

  /** Where it answers. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }
}
