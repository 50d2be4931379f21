package dev.agentservice.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.e2e.chaos.Program;
import dev.agentservice.e2e.chaos.Repository;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The image's own files, run as processes of this machine: its Java runtime with its flags, its
 * jars, its AOT caches. The heap is what the chart's memory limit makes it, and the API server is
 * found and entered by what a pod has for it.
 *
 * @param app the image's {@code /app}
 * @param work where tokens and logs are
 * @param jvmOptions beside the image's
 */
record Image(Path app, Path work, List<String> jvmOptions, URI apiServer) {

  /** The HTTP API, and where it answers. */
  record Api(Program program, int port) {}

  static Image of(Path app, Path work, List<String> jvmOptions) {
    Repository.grantRights(work);
    Repository.grantApiRights(work);
    var apiServer = URI.create(new ConfigBuilder().build().getMasterUrl());
    return new Image(app, work, jvmOptions, apiServer);
  }

  /**
   * Starts one.
   *
   * @param environment beside what is said here
   */
  Program operator(Map<String, String> environment) {
    var port = Program.freePort();
    return new Program(
        command(
            "operator",
            Map.of(
                "POD_NAME", "bench", "HEALTH_PORT", Integer.toString(port), "LOG_FORMAT", "json"),
            environment),
        port,
        work.resolve("operator.log"));
  }

  /** As {@link #operator}. */
  Api api(Map<String, String> environment) {
    var port = Program.freePort();
    var healthPort = Program.freePort();
    return new Api(
        new Program(
            command(
                "api",
                Map.of(
                    "API_PORT",
                    Integer.toString(port),
                    "HEALTH_PORT",
                    Integer.toString(healthPort),
                    "LOG_FORMAT",
                    "json",
                    "CREATES_PER_SECOND",
                    "100000"), // the bound on a tenant is not what is measured
                environment),
            healthPort,
            work.resolve("api.log")),
        port);
  }

  private ProcessBuilder command(
      String component, Map<String, String> environment, Map<String, String> more) {
    var command = new ArrayList<String>();
    command.add(app.resolve("runtime/bin/java").toString());
    command.add("-XX:MaxRAM=" + memoryLimit(component));
    if (component.equals("operator")) {
      command.add("@" + app.resolve("operator.options"));
    }
    command.addAll(jvmOptions);
    command.add("-XX:AOTCache=" + app.resolve(component + ".aot"));
    command.add("-jar");
    command.add(app.resolve(component + ".jar").toString());
    var process = new ProcessBuilder(command);
    process.environment().putAll(environment);
    process.environment().putAll(more);
    process.environment().putAll(credentials(component));
    process.environment().put("POD_NAMESPACE", Installation.NAMESPACE);
    return process;
  }

  private Map<String, String> credentials(String component) {
    return Map.of(
        "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
        "KUBERNETES_SERVICE_HOST", apiServer.getHost(),
        "KUBERNETES_SERVICE_PORT", Integer.toString(apiServer.getPort()),
        "KUBERNETES_CERTS_CA_FILE", work.resolve("ca.crt").toString(),
        "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN", work.resolve(component + ".token").toString());
  }

  private static long memoryLimit(String component) {
    var values = Repository.ROOT.resolve("helm/agentservice/values.yaml");
    try {
      var limit =
          Serialization.unmarshal(Files.readString(values), JsonNode.class)
              .path(component)
              .at("/resources/limits/memory")
              .asText();
      return Quantity.getAmountInBytes(new Quantity(limit)).longValueExact();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
