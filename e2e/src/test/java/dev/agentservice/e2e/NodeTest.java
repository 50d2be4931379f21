package dev.agentservice.e2e;

import static dev.agentservice.e2e.Outcome.failed;
import static dev.agentservice.e2e.Outcome.starting;
import static dev.agentservice.e2e.Outcome.unhealthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.e2e.chaos.OperatorProcess;
import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The node goes away, under one service that brings no transient env and one that does. The
 * operator is meanwhile a process of this machine, for with its only node it would go too.
 */
@Isolated("every test's pods are on that node")
class NodeTest {

  private static OperatorProcess outside;

  @AutoClose private final Tenant tenant = Tenant.create();

  private String sandbox;

  @BeforeAll
  static void theOperatorMovesOut(@TempDir Path folder) {
    Node.assumeOurs("a node that falls silent, or goes");
    Repository.stopOperator();
    outside =
        OperatorProcess.start(
            "outside",
            Repository.grantRights(folder),
            folder.resolve("operator.log"),
            Map.of("POD_NAMESPACE", "agentservice-system"));
    Tenant.patiently().until(outside::isReady);
  }

  @AfterAll
  static void theOperatorMovesIn() {
    if (outside != null) {
      outside.terminate();
      Repository.startOperator();
    }
  }

  @BeforeEach
  void twoReadyServices() {
    tenant.applyDeployment(template -> template);
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", "value"));
    tenant.applyService("s", spec -> spec);
    tenant.applyService("env", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    sandbox = tenant.awaitReady("s").getStatus().sandboxId();
    tenant.awaitReady("env");
    Node.stopKubelet();
  }

  @AfterEach
  void theNodeIsBack() {
    Node.startKubelet();
  }

  @Test
  void silentAndBack() {
    var silent = "The sandbox's node does not answer.";
    tenant.await("s", unhealthy("NodeLost", silent));
    tenant.await("env", failed("NodeLost", silent));
    assertThat(tenant.pods()).as("neither is replaced, for it may run still").hasSize(2);

    Node.startKubelet();
    var back = tenant.awaitReady("s", 1);
    assertThat(back.getStatus().sandboxId()).isEqualTo(sandbox);
    Tenant.patiently().untilAsserted(() -> assertThat(tenant.pods()).hasSize(1));
    failed("NodeLost", silent).isThatOf(tenant.service("env"));
  }

  /** The cluster takes most of a minute to give up the pods of a Node that was deleted. */
  @Test
  void gone() {
    tenant.bash("kubectl delete node --all");

    var waits = starting("Unschedulable", "No node can take the sandbox.");
    assertThat(waits).matches(Outcome::isDocumented);
    Tenant.patiently()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> waits.isThatOf(tenant.service("s")));
    assertThat(tenant.service("s").getStatus().attempt()).isEqualTo(2);
    tenant.await(
        "env",
        failed("EnvLost", "The sandbox is gone and with it the transient env it was given."));
    Tenant.patiently()
        .untilAsserted(
            () -> assertThat(tenant.pods()).as("the lost ones are gone, one waits").hasSize(1));

    Node.startKubelet();
    var back = tenant.awaitReady("s", 2);
    assertThat(tenant.agent("s").get("/")).contains(back.getStatus().sandboxId());
  }
}
