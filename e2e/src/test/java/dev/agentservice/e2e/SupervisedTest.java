package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.EnvFrom;
import dev.agentservice.v1alpha1.EnvFromBuilder;
import dev.agentservice.v1alpha1.EnvValue;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.Supervision;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * Agents that a launcher starts: env by attach, a true process id, restarts that keep their env.
 * The agent's image is one static program: there is no shell in it.
 */
class SupervisedTest {

  private static final Pattern PROCESS_ID = Pattern.compile("\"processId\":(\\d+)");

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void envReachesTheProcessAndNothingElse() {
    var service = readyWithEnv(template -> template);

    assertThat(tenant.agent("s").has("API_TOKEN", "once")).isTrue();
    assertThat(service.getStatus().processId()).isEqualTo(processId());
    Tenant.patiently().until(() -> !tenant.hasSecret("env-1"));
    assertThat(tenant.pods())
        .singleElement()
        .satisfies(
            pod -> {
              assertThat(Serialization.asYaml(pod.getSpec())).doesNotContain("env-1");
              assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Never");
            });
  }

  @Test
  void aRestartedAgentHasItsEnvAndIsAnotherProcess() {
    var before = readyWithEnv(template -> template);
    assertThat(tenant.agent("s").has("API_TOKEN", "once")).isTrue();

    for (var times = 1; times <= 2; times++) {
      var former = tenant.service("s").getStatus().processId();
      tenant.agent("s").misbehave("/debug/exit?code=3");
      tenant.await(
          "s",
          service -> {
            assertThat(service.getStatus().phase()).isEqualTo(Phase.READY);
            assertThat(service.getStatus().processId()).isNotEqualTo(former);
          });
    }
    var after = tenant.awaitReady("s", 1).getStatus();
    assertThat(after.processId()).isEqualTo(processId());
    assertThat(after.sandboxId()).isEqualTo(before.getStatus().sandboxId());
    assertThat(after.readinessStatus().restartCount()).isEqualTo(2);
    assertThat(after.readinessStatus().lastExitCode()).isEqualTo(3);
    assertThat(tenant.agent("s").has("API_TOKEN", "once")).isTrue();
  }

  @Test
  void theStrongerSourceWins() {
    tenant.bash(
        "kubectl create configmap settings --from-literal=A=weak --from-literal=B=settings");
    tenant.applyDeployment(
        template ->
            launched(template)
                .withEnv(List.of(new EnvValue("OWN", "template"), new EnvValue("PLAIN", "x"))));
    tenant.applyTransientSecret("env-1", Map.of("A", "transient"));
    tenant.applyService(
        "s",
        spec ->
            spec.withEnvSecret(new EnvSecret("env-1"))
                .withEnvFrom(
                    List.of(
                        EnvFromBuilder.builder()
                            .configMapRef(new EnvFrom.WholeRef("settings"))
                            .build())));
    tenant.awaitReady("s");

    var agent = tenant.agent("s");
    assertThat(agent.has("A", "transient")).isTrue();
    assertThat(agent.has("B", "settings")).isTrue();
    assertThat(agent.has("OWN", "template")).isTrue();
  }

  @Test
  void aLostSandboxIsALostValue() {
    var service = readyWithEnv(template -> template);

    tenant.bash("kubectl delete pod --wait=false " + service.getStatus().sandboxId());

    tenant.await("s", "failed EnvLost");
    tenant.awaitNoPods();
  }

  @Test
  void anAgentThatMayEndCompletes() {
    tenant.applyDeployment(
        template ->
            launched(template)
                .withRestartPolicy(RestartPolicy.NEVER)
                .withArgs(List.of("--exit-after", "2s")));
    tenant.applyService("s", spec -> spec);

    tenant.await("s", "stopped Completed");
  }

  @Test
  void whoWantsNoLauncherHasNone() {
    var service = readyWithEnv(template -> template.withSupervision(Supervision.NONE));

    assertThat(service.getStatus().processId()).isNull();
    assertThat(tenant.agent("s").has("API_TOKEN", "once")).isTrue();
    assertThat(tenant.pods())
        .singleElement()
        .satisfies(pod -> assertThat(pod.getSpec().getInitContainers()).isEmpty());
  }

  private AgentService readyWithEnv(UnaryOperator<Template> change) {
    tenant.applyDeployment(template -> change.apply(launched(template)));
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", "once"));
    tenant.applyService("s", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    return tenant.awaitReady("s");
  }

  private static Template launched(Template template) {
    return template.withCommand(List.of("/agent")).withArgs(List.of("--debug"));
  }

  /** As the agent itself sees it. */
  private long processId() {
    var found = PROCESS_ID.matcher(tenant.agent("s").get("/"));
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }
}
