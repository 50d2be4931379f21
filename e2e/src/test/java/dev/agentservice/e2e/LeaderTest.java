package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The leading replica's pod is taken away by force; the other one takes its place. */
@Isolated
class LeaderTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void anotherReplicaTakesOverAndNothingIsDoubled() {
    tenant.applyDeployment(Tenant::steady);
    tenant.applyService("before", spec -> spec);
    var before = tenant.awaitReady("before").getStatus();
    var lost = leader();

    var since = Instant.now();
    Cluster.bash(
        "kubectl delete pod %s -n agentservice-system --grace-period=0 --force".formatted(lost));
    tenant.applyTransientSecret("env", Map.of("API_TOKEN", "value"));
    tenant.applyService("during", spec -> spec.withEnvSecret(new EnvSecret("env")));
    tenant.awaitReady("during");
    var duringReady = Duration.between(since, Instant.now());
    // A process outlives its pod's object by moments, so "during" may still be the lost one's work.
    Tenant.patiently().untilAsserted(() -> assertThat(leader()).isNotEmpty().isNotEqualTo(lost));
    System.out.printf(
        "measured: a service created as the leader was lost was ready %d ms later,"
            + " another replica was seen leading after %d ms%n",
        duringReady.toMillis(), Duration.between(since, Instant.now()).toMillis());

    tenant.applyService("after", spec -> spec);
    tenant.awaitReady("after");
    assertThat(tenant.hasSecret("env")).isFalse();
    assertThat(tenant.pods()).hasSize(3);
    assertThat(tenant.awaitReady("before").getStatus()).isEqualTo(before);
  }

  private static String leader() {
    return Cluster.bash(
        "kubectl get lease agentservice-operator -n agentservice-system"
            + " -o jsonpath={.spec.holderIdentity}");
  }
}
