package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The operator's process is ended just before a write; the next process makes good, and only once.
 */
@OnApiServer
class CrashOnApiServerTest {

  @TempDir private Path work;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OwnSecret",
        "BeginAttempt",
        "CreateSandbox",
        "CreateFront",
        "ForgetSecret",
        "Report"
      })
  void oneSandboxOneAttemptWhereverItDies(String write, ControlPlane plane) throws Exception {
    var tenant = Tenant.in(plane);
    var dying = operator(plane, tenant, write);
    tenant.applyDeployment("example:1");
    tenant.applyTransientSecret("env-1");
    tenant.applyService("s", spec -> spec.withEnvSecret(new AgentServiceSpec.EnvSecret("env-1")));
    assertThat(dying.waitFor(60, TimeUnit.SECONDS)).as("it reaches " + write).isTrue();
    assertThat(dying.exitValue()).isEqualTo(137);
    var before = tenant.service("s").getStatus();

    var next = operator(plane, tenant, "");
    try {
      var ready = tenant.awaitPhase("s", Phase.READY).getStatus();
      assertThat(ready.attempt()).isEqualTo(1);
      assertThat(tenant.podNames()).containsExactly(ready.sandboxId());
      if (before.versionId() != null) {
        assertThat(ready.versionId()).isEqualTo(before.versionId());
        assertThat(ready.attemptStartedAt()).isEqualTo(before.attemptStartedAt());
      }
      assertThat(tenant.secret("env-1")).isNull();
    } finally {
      next.destroyForcibly().waitFor();
    }
  }

  private Process operator(ControlPlane plane, Tenant tenant, String faultPoint)
      throws IOException {
    return OperatorProcess.start(
        plane,
        tenant,
        work,
        faultPoint.isEmpty()
            ? Map.of("LEADER_ELECTION", "false")
            : Map.of("LEADER_ELECTION", "false", "FAULT_POINT", faultPoint));
  }
}
