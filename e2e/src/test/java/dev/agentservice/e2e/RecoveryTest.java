package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What befalls a service that brings no transient env, and how it comes back by itself. */
class RecoveryTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  private String sandbox;

  @BeforeEach
  void aReadyService() {
    tenant.applyDeployment(template -> template.withArgs(List.of("--debug")));
    tenant.applyService("s", spec -> spec);
    sandbox = tenant.awaitReady("s").getStatus().sandboxId();
  }

  @Test
  void aProbeThatFailsAndRecovers() {
    tenant.agent("s").post("/debug/healthy?value=false", "");
    var unhealthy = tenant.await("s", "unhealthy ProbeFailed");
    assertThat(unhealthy.getStatus().failureReason())
        .isEqualTo("ProbeFailed: The agent runs but its readiness check fails.");

    tenant.agentInPod(sandbox).post("/debug/healthy?value=true", "");
    assertThat(tenant.awaitReady("s").getStatus().attempt()).isEqualTo(1);
  }

  @Test
  void aProcessThatExitsIsStartedAgainInItsSandbox() {
    tenant.agent("s").misbehave("/debug/exit?code=3");
    var back =
        tenant.await(
            "s",
            service -> {
              assertThat(service.getStatus().readinessStatus().restartCount()).isEqualTo(1);
              assertThat(Tenant.outcome(service)).isEqualTo("ready Serving");
            });
    assertThat(back.getStatus().readinessStatus().lastExitCode()).isEqualTo(3);
    assertThat(back.getStatus().attempt()).isEqualTo(1);
    assertThat(back.getStatus().sandboxId()).isEqualTo(sandbox);
  }

  @Test
  void aPodDeletedByHandIsReplacedByANewAttempt() {
    tenant.bash("kubectl delete pod " + sandbox);
    var back = tenant.awaitReady("s", 2);
    assertThat(back.getStatus().sandboxId()).isNotEqualTo(sandbox);
    assertThat(tenant.agent("s").get("/")).contains(back.getStatus().sandboxId());
  }

  @Test
  void aServiceDeletedByHandIsMadeAgain() {
    tenant.bash("kubectl delete service s");
    Tenant.patiently()
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(tenant.agent("s").get("/")).contains(sandbox));
    assertThat(tenant.awaitReady("s").getStatus().attempt()).isEqualTo(1);
  }
}
