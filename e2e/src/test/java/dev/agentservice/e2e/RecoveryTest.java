package dev.agentservice.e2e;

import static dev.agentservice.e2e.Outcome.READY;
import static dev.agentservice.e2e.Outcome.unhealthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentservice.v1alpha1.Resources;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What befalls a service that brings no transient env, and how it comes back by itself. */
class RecoveryTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  private String sandbox;

  @BeforeEach
  void aReadyService() {
    tenant.applyDeployment(
        template ->
            template
                .withArgs(List.of("--debug"))
                .withResources(new Resources(null, Map.of("memory", new Quantity("32Mi")))));
    tenant.applyService("s", spec -> spec);
    sandbox = tenant.awaitReady("s").getStatus().sandboxId();
  }

  @Test
  void aProbeThatFailsAndRecovers() {
    tenant.agent("s").post("/debug/healthy?value=false", "");
    tenant.await("s", unhealthy("ProbeFailed", "The agent runs but its readiness check fails."));

    tenant.agentInPod(sandbox).post("/debug/healthy?value=true", "");
    assertThat(tenant.awaitReady("s").getStatus().attempt()).isEqualTo(1);
  }

  static Stream<Arguments> exits() {
    return Stream.of(
        argumentSet("exits with 3", 3, misbehaves("/debug/exit?code=3")),
        argumentSet("exits with 0", 0, misbehaves("/debug/exit?code=0")),
        argumentSet("out of memory", 137, misbehaves("/debug/allocate?mib=200")),
        argumentSet(
            "container killed",
            137,
            (Consumer<Tenant>) tenant -> Node.killContainer(tenant.pods().getFirst())));
  }

  @ParameterizedTest
  @MethodSource("exits")
  void aProcessThatEndsIsStartedAgainInItsSandbox(int exitCode, Consumer<Tenant> befalls) {
    befalls.accept(tenant);
    var back =
        tenant.await(
            "s",
            service -> {
              READY.isThatOf(service);
              assertThat(service.getStatus().readinessStatus().restartCount()).isEqualTo(1);
            });
    assertThat(back.getStatus().readinessStatus().lastExitCode()).isEqualTo(exitCode);
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

  private static Consumer<Tenant> misbehaves(String path) {
    return tenant -> tenant.agent("s").misbehave(path);
  }
}
