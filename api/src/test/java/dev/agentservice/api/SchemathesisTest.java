package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.api.service.Steps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The description is true: thousands of requests made up from it, good ones and bad ones. */
@OnApiServer
@EnabledIfEnvironmentVariable(
    named = "SCHEMATHESIS",
    matches = ".+",
    disabledReason = "NOT TESTED: openapi.json against the server. make test sets SCHEMATHESIS")
class SchemathesisTest {

  private static final int LEAST_CASES = 5_000;
  private static final Pattern CASES = Pattern.compile("(\\d+) generated");

  @Test
  void theServerIsAsItsDescriptionSays(Kubernetes kubernetes, @TempDir Path folder)
      throws Exception {
    var tenant = Tenant.in(kubernetes).withDeployment();
    try (var replica =
        Replica.of(kubernetes.newClient(), Map.of("CREATES_PER_SECOND", "10000"), Steps.UNHEARD)) {
      var id = Http.json(tenant.create(replica, "k", "{}")).get("id").asText();
      var config =
          Files.writeString(
              folder.resolve("schemathesis.toml"),
              """
              [parameters]
              "path.deployment_id" = "d"
              "path.service_id" = "%s"
              "path.version_id" = "d-v1"
              """
                  .formatted(id));
      var output = run(config, replica, tenant.user());

      assertThat(output.exitCode).as(output.text).isZero();
      var cases = CASES.matcher(output.text);
      assertThat(cases.find()).as(output.text).isTrue();
      assertThat(Integer.parseInt(cases.group(1))).isGreaterThanOrEqualTo(LEAST_CASES);
      System.out.println("measured: schemathesis: " + cases.group() + " cases passed");
    }
  }

  private record Output(int exitCode, String text) {}

  private static Output run(Path config, Replica replica, String token)
      throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                System.getenv("SCHEMATHESIS"),
                "--config-file",
                config.toString(),
                "run",
                "http://127.0.0.1:" + replica.port() + "/openapi.json",
                "--header",
                "Authorization: Bearer " + token,
                // a cursor, a version or a key used before is refused whatever a schema can say of
                // it
                "--exclude-checks",
                "positive_data_acceptance",
                "--max-examples",
                "750",
                "--workers",
                "2",
                "--phases",
                "coverage,fuzzing",
                "--seed",
                "1",
                "--no-color",
                "--output-sanitize",
                "false",
                "--max-failures",
                "10")
            .redirectErrorStream(true)
            .directory(config.getParent().toFile())
            .start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Output(process.waitFor(), text);
  }
}
