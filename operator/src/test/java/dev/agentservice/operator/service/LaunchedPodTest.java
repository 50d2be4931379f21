package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.EnvValue;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.Supervision;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LaunchedPodTest {

  @Test
  void theLauncherRunsInTheAgentsPlace() {
    var agent =
        agent(
            pod(
                template ->
                    template
                        .withArgs(List.of("--all"))
                        .withReadiness(
                            new Readiness(new Readiness.HttpCheck("/healthz?a=1"), null, 5, 3))));

    assertThat(agent.getCommand())
        .containsExactly(
            "/agentservice/launcher",
            "run",
            "--port=8080",
            "--check=http:/healthz?a=1",
            "--failure-threshold=3",
            "--probe-port=8079",
            "--restart=Always",
            "--",
            "/agent",
            "--all");
    assertThat(agent.getArgs()).isEmpty();
    assertThat(agent.getStdin()).isTrue();
    assertThat(agent.getStdinOnce()).isNull();
    assertThat(agent.getReadinessProbe().getHttpGet().getPort().getIntVal()).isEqualTo(8079);
    assertThat(agent.getReadinessProbe().getPeriodSeconds()).isEqualTo(5);
    assertThat(agent.getReadinessProbe().getFailureThreshold()).isEqualTo(1);
  }

  @Test
  void withoutAReadinessTheLauncherStillSaysWhetherTheAgentRuns() {
    var agent = agent(pod(template -> template.withReadiness(null)));

    assertThat(agent.getCommand()).contains("--check=none", "--failure-threshold=10");
    assertThat(agent.getReadinessProbe().getPeriodSeconds()).isEqualTo(1);
  }

  @Test
  void theProbeHasAPortOfItsOwn() {
    var agent = agent(pod(template -> template.withPort(8079)));

    assertThat(agent.getCommand()).contains("--port=8079", "--probe-port=8078");
    assertThat(agent.getReadinessProbe().getHttpGet().getPort().getIntVal()).isEqualTo(8078);
  }

  @Test
  void thePodIsNeverRestartedByItsNode() {
    assertThat(pod(template -> template).getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(agent(pod(t -> t.withRestartPolicy(RestartPolicy.NEVER))).getCommand())
        .contains("--restart=Never");
  }

  @Test
  void nothingThatAServiceBringsIsNamedInIt() {
    var pod =
        SandboxPod.of(
            Situation.owed()
                .launched()
                .recipe(t -> t.withEnv(List.of(new EnvValue("COLOR", "blue"))))
                .lasting("COLOR")
                .undelivered()
                .secretOwned("TOKEN")
                .seen(),
            recipe(t -> t.withEnv(List.of(new EnvValue("COLOR", "blue")))));

    assertThat(agent(pod).getEnv()).extracting(EnvVar::getName).containsExactly("COLOR");
    assertThat(agent(pod).getEnvFrom()).isEmpty();
    assertThat(Serialization.asYaml(pod)).doesNotContain("env-1").doesNotContain("settings");
  }

  @Test
  void theLauncherIsBroughtByAnInitContainerThatIsAsRestrictedAsTheAgent() {
    var pod = pod(template -> template);

    assertThat(pod.getSpec().getInitContainers())
        .singleElement()
        .satisfies(
            installer -> {
              assertThat(installer.getImage()).isEqualTo("registry.example/launcher:1");
              assertThat(installer.getArgs()).containsExactly("install", "/agentservice");
              assertThat(installer.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(installer.getSecurityContext().getCapabilities().getDrop())
                  .containsExactly("ALL");
              assertThat(installer.getResources()).isEqualTo(agent(pod).getResources());
            });
    assertThat(agent(pod).getVolumeMounts())
        .singleElement()
        .satisfies(mount -> assertThat(mount.getReadOnly()).isTrue());
  }

  @Test
  void onlyWhereACommandIsGivenAndNobodySaysNo() {
    assertThat(isLaunched(template -> template)).isTrue();
    assertThat(isLaunched(template -> template.withCommand(null))).isFalse();
    assertThat(isLaunched(template -> template.withCommand(List.of()))).isFalse();
    assertThat(isLaunched(template -> template.withSupervision(Supervision.AUTO))).isTrue();
    assertThat(isLaunched(template -> template.withSupervision(Supervision.NONE))).isFalse();
    assertThat(
            SandboxPod.of(Situation.owed().seen(), recipe(template -> template))
                .getSpec()
                .getInitContainers())
        .as("without a launcher's image")
        .isEmpty();
  }

  private static boolean isLaunched(UnaryOperator<Template> change) {
    return !pod(change).getSpec().getInitContainers().isEmpty();
  }

  private static Pod pod(UnaryOperator<Template> change) {
    return SandboxPod.of(Situation.owed().launched().seen(), recipe(change));
  }

  private static Recipe.Found recipe(UnaryOperator<Template> change) {
    return new Recipe.Found(
        "echo", "echo-v1", change.apply(Situation.TEMPLATE.withCommand(List.of("/agent"))));
  }

  private static Container agent(Pod pod) {
    return pod.getSpec().getContainers().getFirst();
  }
}
