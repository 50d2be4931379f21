package dev.agentservice.e2e;

import static dev.agentservice.e2e.Outcome.failed;
import static dev.agentservice.e2e.Outcome.starting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Objects applied in an order that is not the obvious one: all of it heals. */
class OrderTest {

  private static final String NO_SECRET = "Secret late does not exist in this namespace.";

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void serviceBeforeItsDeployment() {
    tenant.applyService("early", spec -> spec);
    tenant.await(
        "early",
        starting("DeploymentNotFound", "AgentDeployment d does not exist in this namespace."));

    var applied = System.nanoTime();
    tenant.applyDeployment(template -> template);
    tenant.awaitReady("early");
    System.out.printf(
        "measured: service before its deployment, ready %d ms after the latter was applied%n",
        Duration.ofNanos(System.nanoTime() - applied).toMillis());
  }

  @Test
  void serviceBeforeItsSecret() {
    tenant.applyDeployment(template -> template);
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("late")));
    tenant.await("s", starting("EnvSecretNotFound", NO_SECRET));

    var applied = System.nanoTime();
    tenant.applyTransientSecret("late", Map.of("API_TOKEN", "value"));
    tenant.awaitReady("s");
    System.out.printf(
        "measured: service before its Secret, ready %d ms after the latter was applied%n",
        Duration.ofNanos(System.nanoTime() - applied).toMillis());
    assertThat(tenant.agent("s").has("API_TOKEN", "value")).isTrue();
  }

  @Test
  void serviceBeforeItsSecretThatComesAfterTheDeadline() {
    tenant.applyDeployment(template -> template.withStartTimeoutSeconds(25));
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("late")));
    tenant.await("s", failed("EnvSecretNotFound", NO_SECRET));

    tenant.applyTransientSecret("late", Map.of("API_TOKEN", "value"));
    tenant.awaitReady("s");
    assertThat(tenant.agent("s").has("API_TOKEN", "value")).isTrue();
  }

  @Test
  void deletedAndAppliedAgainWithinTheGracePeriod() {
    tenant.applyDeployment(
        template -> template.withArgs(List.of("--term-delay=5s")).withStopGraceSeconds(30));
    tenant.applyService("s", spec -> spec);
    var first = tenant.awaitReady("s");

    tenant.deleteService("s");
    tenant.applyService("s", spec -> spec);
    var second = tenant.awaitReady("s");

    assertThat(second.getMetadata().getUid()).isNotEqualTo(first.getMetadata().getUid());
    assertThat(tenant.agent("s").get("/")).contains(second.getStatus().sandboxId());
  }
}
