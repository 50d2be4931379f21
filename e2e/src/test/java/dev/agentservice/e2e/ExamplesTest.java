package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.e2e.chaos.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Every manifest in examples/, used as its head says. */
class ExamplesTest {

  private static final Path EXAMPLES = Repository.ROOT.resolve("examples");

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void everyManifestHasATest() throws IOException {
    try (var files = Files.walk(EXAMPLES)) {
      assertThat(
              files
                  .filter(file -> file.toString().endsWith(".yaml"))
                  .filter(file -> !file.startsWith(EXAMPLES.resolve("gitops"))) // FluxTest
                  .map(file -> EXAMPLES.relativize(file).toString())
                  .collect(Collectors.toSet()))
          .isEqualTo(
              Set.of(
                  "minimal.yaml",
                  "transient-env.yaml",
                  "lasting-env.yaml",
                  "stop-and-restart.yaml",
                  "warm-pool.yaml",
                  "warm-pool/service.yaml",
                  "rollback/1-deployment.yaml",
                  "rollback/2-new-template.yaml",
                  "rollback/3-rollback.yaml",
                  "rollback/service.yaml"));
    }
  }

  @Test
  void minimalAnswers() throws IOException {
    asDocumented("minimal.yaml", "kubectl apply -f minimal.yaml");
    tenant.awaitReady("minimal");

    assertThat(tenant.agent("minimal").post("/ask", "{\"question\": \"what is 6*7?\"}"))
        .contains("6 * 7 = 42");
  }

  @Test
  void transientEnvArrivesAndItsSecretIsGone() throws IOException {
    var file = "transient-env.yaml";
    asDocumented(file, "kubectl create -f transient-env.yaml");
    asDocumented(file, "kubectl wait --for=condition=Ready asvc/transient-env");

    Tenant.patiently().until(() -> !tenant.hasSecret("transient-env-1"));
    var agent = tenant.agent("transient-env");
    assertThat(agent.get("/env")).contains("API_TOKEN");
    assertThat(agent.has("API_TOKEN", "demo-value-not-a-real-token")).isTrue();

    tenant.bash("kubectl delete pod --all");
    tenant.await("transient-env", "failed EnvLost");
    tenant.applyTransientSecret("transient-env-2", Map.of("API_TOKEN", "another"));
    asDocumented(
        file,
        "kubectl patch asvc transient-env --type=merge"
            + " -p '{\"spec\": {\"envSecret\": {\"name\": \"transient-env-2\"}, \"restartId\": \"values-again\"}}'");
    tenant.awaitReady("transient-env", 2);
    assertThat(agent.has("API_TOKEN", "another")).isTrue();
  }

  @Test
  void lastingEnvArrivesByNameAndByKey() throws IOException {
    asDocumented("lasting-env.yaml", "kubectl apply -f lasting-env.yaml");
    asDocumented("lasting-env.yaml", "kubectl wait --for=condition=Ready asvc/lasting-env");

    var agent = tenant.agent("lasting-env");
    assertThat(agent.get("/env"))
        .contains("API_TOKEN", "MODEL", "SEARCH_TOKEN")
        .doesNotContain("search-token", "billing-token");
    assertThat(agent.has("SEARCH_TOKEN", "demo-value-not-a-real-token")).isTrue();
    assertThat(agent.post("/ask", "{\"question\": \"which model?\"}")).contains("I run on toy-1.");
    assertThat(tenant.hasSecret("lasting-env-credentials")).isTrue();
  }

  @Test
  void stopsAndStartsAgainAndRestarts() throws IOException {
    var file = "stop-and-restart.yaml";
    asDocumented(file, "kubectl apply -f stop-and-restart.yaml");
    asDocumented(file, "kubectl wait --for=condition=Ready asvc/stop-and-restart");

    asDocumented(
        file,
        "kubectl patch asvc stop-and-restart --type=merge -p '{\"spec\": {\"desiredState\": \"Stopped\", \"stopReason\": \"out of hours\"}}'");
    asDocumented(
        file, "kubectl wait --for=jsonpath='{.status.phase}'=stopped asvc/stop-and-restart");
    assertThat(tenant.pods()).isEmpty();

    asDocumented(
        file,
        "kubectl patch asvc stop-and-restart --type=merge -p '{\"spec\": {\"desiredState\": \"Running\", \"stopReason\": null}}'");
    tenant.awaitReady("stop-and-restart", 2);

    asDocumented(
        file,
        "kubectl patch asvc stop-and-restart --type=merge -p '{\"spec\": {\"restartId\": \"second\"}}'");
    tenant.awaitReady("stop-and-restart", 3);
  }

  @Test
  void aSandboxWaitsForItsService() throws IOException {
    var file = "warm-pool.yaml";
    asDocumented(file, "kubectl apply -f warm-pool.yaml");
    asDocumented(file, "kubectl wait --for=jsonpath='{.status.warmReady}'=2 agd/warm-pool");
    asDocumented(file, "kubectl create -f warm-pool/service.yaml");
    asDocumented(file, "kubectl wait --for=condition=Ready asvc/warm-pool-1");

    assertThat(tenant.service("warm-pool-1").getStatus().sandboxId())
        .matches("warm-pool-[a-z2-7]{10}");
    assertThat(tenant.agent("warm-pool-1").has("API_TOKEN", "demo-value-not-a-real-token"))
        .isTrue();
    asDocumented(file, "kubectl scale agd/warm-pool --replicas=0");
    Tenant.patiently().untilAsserted(() -> assertThat(tenant.pods()).hasSize(1));
  }

  @Test
  void rollsBack() throws IOException {
    tenant.bash("kubectl apply -f rollback/1-deployment.yaml");
    var first = activeVersion();
    tenant.bash("kubectl apply -f rollback/2-new-template.yaml");
    var second = activeVersion();
    assertThat(second).isNotEqualTo(first);
    tenant.bash("kubectl apply -f rollback/service.yaml");
    tenant.awaitReady("rollback");
    assertThat(tenant.agent("rollback").get("/")).contains("\"release\":\"two\"");

    tenant.bash("kubectl apply -f rollback/3-rollback.yaml");
    assertThat(activeVersion()).isEqualTo(first);
    assertThat(tenant.agent("rollback").get("/")).contains("\"release\":\"two\"");
    tenant.bash("kubectl delete -f rollback/service.yaml; kubectl apply -f rollback/service.yaml");
    assertThat(tenant.awaitReady("rollback").getStatus().versionId()).isEqualTo(first);
    assertThat(tenant.agent("rollback").get("/")).contains("\"release\":\"one\"");

    asDocumented(
        "rollback/README.md",
        "kubectl patch agd rollback --type=merge -p '{\"spec\": {\"activeVersion\": null}}'");
    assertThat(activeVersion()).isEqualTo(second);
  }

  private String activeVersion() {
    return tenant.activeVersion("rollback");
  }

  /** Runs a command that stands in the file's head or text, so that both stay true. */
  private void asDocumented(String file, String command) throws IOException {
    var text = Files.readString(EXAMPLES.resolve(file)).replaceAll("\\\\\\n#?\\s+", "");
    assertThat(text).contains(command);
    // 30 s, as it waits by itself, are few on a busy machine
    tenant.bash(
        command.contains("--timeout")
            ? command
            : command.replace("kubectl wait ", "kubectl wait --timeout=90s "));
  }
}
