package dev.agentservice.e2e.chaos;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** One operator, run as a user would run it. */
public final class OperatorProcess extends Program {

  private OperatorProcess(ProcessBuilder operator, int healthPort, Path log) {
    super(operator, healthPort, log);
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
    return new OperatorProcess(builder, port, log);
  }
}
