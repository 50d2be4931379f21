package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentservice.v1alpha1.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged of a service can be found by its fields. */
@OnApiServer
class LogOnApiServerTest {

  @TempDir private Path work;

  @Test
  void eachLineTellsWhichServiceItIsAbout(ControlPlane plane) throws Exception {
    var tenant = Tenant.in(plane);
    var log = work.resolve("log");
    var operator =
        OperatorProcess.start(
            plane,
            tenant,
            work,
            Map.of("LOG_FORMAT", "json", "LEADER_ELECTION", "false"),
            ProcessBuilder.Redirect.to(log.toFile()));
    try {
      tenant.applyDeployment("example:1");
      tenant.applyService("s", spec -> spec);
      tenant.awaitPhase("s", Phase.READY);
      operator.destroy();
      assertThat(operator.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      operator.destroyForcibly().waitFor();
    }

    assertThat(lines(log))
        .filteredOn(line -> line.path("formattedMessage").asText().equals("phase changed"))
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.at("/mdc/resource.kind").asText()).isEqualTo("AgentService");
              assertThat(line.at("/mdc/resource.namespace").asText()).isEqualTo(tenant.namespace());
              assertThat(line.at("/mdc/resource.name").asText()).isEqualTo("s");
              assertThat(line.at("/mdc/deployment").asText()).isEqualTo("d");
            });
  }

  private static List<JsonNode> lines(Path log) throws IOException {
    var json = new ObjectMapper();
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith("{")) // the JVM's own warnings are not ours
        .map(
            line -> {
              try {
                return json.readTree(line);
              } catch (IOException e) {
                throw new UncheckedIOException(line, e);
              }
            })
        .toList();
  }
}
