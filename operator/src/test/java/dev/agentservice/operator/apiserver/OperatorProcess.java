package dev.agentservice.operator.apiserver;

import dev.agentservice.operator.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The operator as a process of its own, serving one tenant, so that it can be ended for real. */
final class OperatorProcess {

  private OperatorProcess() {}

  static Process start(
      ControlPlane plane, Tenant tenant, Path work, Map<String, String> environment)
      throws IOException {
    return start(plane, tenant, work, environment, ProcessBuilder.Redirect.DISCARD);
  }

  static Process start(
      ControlPlane plane,
      Tenant tenant,
      Path work,
      Map<String, String> environment,
      ProcessBuilder.Redirect output)
      throws IOException {
    var process =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    process.environment().put("KUBECONFIG", plane.kubeconfig(work).toString());
    process.environment().put("HEALTH_PORT", "0");
    process.environment().put("WATCH_NAMESPACES", tenant.namespace());
    process.environment().put("POD_NAMESPACE", tenant.namespace());
    process.environment().putAll(environment);
    return process.redirectErrorStream(true).redirectOutput(output).start();
  }
}
