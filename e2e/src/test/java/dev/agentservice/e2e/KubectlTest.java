package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What kubectl makes of our kinds. */
class KubectlTest {

  private static Tenant tenant;

  @BeforeAll
  static void oneReadyService() {
    tenant = Tenant.create();
    tenant.applyDeployment(template -> template);
    tenant.applyService("s", spec -> spec);
    tenant.awaitReady("s");
  }

  @AfterAll
  static void deleteIt() {
    tenant.close();
  }

  @Test
  void columns() {
    assertThat(header("kubectl get asvc"))
        .containsExactly("NAME", "PHASE", "DEPLOYMENT", "VERSION", "SANDBOX", "URL", "AGE");
    assertThat(header("kubectl get asvc -o wide"))
        .containsExactly(
            "NAME",
            "PHASE",
            "DEPLOYMENT",
            "VERSION",
            "SANDBOX",
            "URL",
            "REASON",
            "NODE",
            "ATTEMPT",
            "AGE");
    assertThat(tenant.bash("kubectl get asvc s")).contains("ready");
  }

  @Test
  void waits() {
    tenant.bash("kubectl wait --for=condition=Ready --timeout=10s asvc/s");
    tenant.bash("kubectl wait --for=jsonpath='{.status.phase}'=ready --timeout=10s asvc/s");
  }

  @Test
  void shortNamesAndCategory() {
    assertThat(tenant.bash("kubectl get agd,agv,asvc -o name"))
        .contains("agentdeployment.", "agentversion.", "agentservice.");
    assertThat(tenant.bash("kubectl get agents -o name")).contains("agentservice.");
  }

  @Test
  void explains() {
    assertThat(tenant.bash("kubectl explain asvc.spec"))
        .contains(
            "deployment",
            "version",
            "envSecret",
            "envFrom",
            "desiredState",
            "restartId",
            "stopReason",
            "ttlSecondsAfterFinished");
  }

  private static List<String> header(String command) {
    return List.of(tenant.bash(command).lines().findFirst().orElseThrow().split("\\s+"));
  }
}
