package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.RestartPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Secret values reach the agent and are nowhere else: of an agent that serves, and of one that does
 * its worst.
 */
class SecretsTest {

  private static final Canary SERVED = Canary.random();
  private static final Canary BLURTED = Canary.random();

  private static Tenant tenant;

  @BeforeAll
  static void bothGetTheirValues() {
    tenant = Tenant.create();
    tenant.applyDeployment(template -> template);
    tenant.applyTransientSecret("served-env", Map.of("API_TOKEN", SERVED.value()));
    tenant.applyService("served", spec -> spec.withEnvSecret(new EnvSecret("served-env")));
    tenant.awaitReady("served");

    tenant.editTemplate(
        template ->
            template
                .withArgs(List.of("--leak-env-and-crash"))
                .withRestartPolicy(RestartPolicy.NEVER));
    tenant.activeVersion();
    tenant.applyTransientSecret("blurted-env", Map.of("API_TOKEN", BLURTED.value()));
    tenant.applyService("blurted", spec -> spec.withEnvSecret(new EnvSecret("blurted-env")));
    tenant.await("blurted", "failed Exited");
    // Until then the pod's own status holds what the agent wrote to its termination log.
    Tenant.patiently().until(() -> tenant.pods().size() == 1);
  }

  @AfterAll
  static void deleteThem() {
    tenant.close();
  }

  @Test
  void theAgentHasIt() {
    assertThat(tenant.agent("served").has("API_TOKEN", SERVED.value())).isTrue();
  }

  @Test
  void theSecretsAreGone() {
    assertThat(tenant.hasSecret("served-env")).isFalse();
    assertThat(tenant.hasSecret("blurted-env")).isFalse();
  }

  @Test
  void noObjectHoldsIt() {
    var everything =
        Cluster.bash(
            "kubectl get $(kubectl api-resources --verbs=list -o name | paste -sd,)"
                + " --all-namespaces --ignore-not-found --show-managed-fields -o yaml");
    assertThat(everything)
        .as("the search works: it finds the Secrets' names")
        .contains("served-env", "blurted-env");
    assertHidden(everything);
  }

  @Test
  void noEventHoldsIt() {
    var events =
        Serialization.asYaml(
            tenant.client().v1().events().inNamespace(tenant.namespace()).list().getItems());
    assertThat(events).contains("blurted");
    assertHidden(events);
  }

  @Test
  void theOperatorDidNotLogIt() throws IOException {
    assertFileHides(Cluster.OPERATOR_LOG, tenant.namespace() + "/blurted");
  }

  @Test
  void theAuditLogHasItNot() throws IOException {
    assumeTrue(Cluster.auditLog().isPresent(), "CLUSTER_AUDIT_LOG names no audit log");
    assertFileHides(Cluster.auditLog().get(), "blurted-env");
  }

  private static void assertFileHides(Path file, String proofThatItIsTheRightFile)
      throws IOException {
    assumeTrue(Files.exists(file), file + " does not exist");
    var text = Files.readString(file);
    assertThat(text.contains(proofThatItIsTheRightFile)).isTrue();
    assertHidden(text);
  }

  /** The text is not told where that fails: it may be all of a cluster. */
  private static void assertHidden(String text) {
    for (var canary : List.of(SERVED, BLURTED)) {
      for (var trace : canary.traces()) {
        var at = text.indexOf(trace);
        assertThat(at)
            .as(() -> "leaked: " + text.substring(Math.max(0, at - 500), at + trace.length()))
            .isNegative();
      }
    }
  }
}
