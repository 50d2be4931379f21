package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * A sandbox whose agent is started by the launcher (docs/launcher.md). An init container copies it
 * into a volume; then it runs in the agent's place, waits for env on its standard input, and starts
 * the agent as its child. The pod names no Secret and no ConfigMap that a service brings, so it is
 * the same for every service of a recipe.
 */
final class LaunchedPod {

  static final String INSTALLER = "agentservice-launcher";

  private static final String VOLUME = "agentservice-launcher";
  private static final String FOLDER = "/agentservice";
  private static final String LAUNCHER = FOLDER + "/launcher";
  private static final Quantity VOLUME_SIZE = new Quantity("8Mi");

  /**
   * Where the launcher answers the kubelet: an exec for each probe costs a node 16 times as much.
   */
  private static final int PROBE_PORT = 8079;

  private static final int OTHER_PROBE_PORT = 8078;
  private static final int PROBE_TIMEOUT_SECONDS = 5;

  private LaunchedPod() {}

  /** The same pod as {@code direct}, started by the launcher of that image. */
  static Pod of(Pod direct, Template template, String launcherImage) {
    var agent = direct.getSpec().getContainers().getFirst();
    return new PodBuilder(direct)
        .editMetadata()
        .addToLabels(Names.SUPERVISED_LABEL, "true")
        .endMetadata()
        .editSpec()
        .withInitContainers(installer(launcherImage, agent))
        .withContainers(launched(agent, template))
        .withRestartPolicy("Never") // the launcher starts it again, with the values it still has
        .addNewVolume()
        .withName(VOLUME)
        .withNewEmptyDir()
        .withSizeLimit(VOLUME_SIZE)
        .endEmptyDir()
        .endVolume()
        .endSpec()
        .build();
  }

  /** As large as the agent's, or the pod would be scheduled by the larger of the two. */
  private static Container installer(String image, Container agent) {
    return new ContainerBuilder()
        .withName(INSTALLER)
        .withImage(image)
        .withArgs("install", FOLDER)
        .withResources(agent.getResources())
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(FOLDER)
        .endVolumeMount()
        .withNewSecurityContextLike(SandboxPod.containerSecurity(null))
        .withReadOnlyRootFilesystem(true)
        .endSecurityContext()
        .withTerminationMessagePath(SandboxPod.TERMINATION_MESSAGE_PATH)
        .build();
  }

  private static Container launched(Container agent, Template template) {
    return new ContainerBuilder(agent)
        .withCommand(command(template))
        .withArgs()
        .withEnv(SandboxEnv.ofTemplate(template))
        .withEnvFrom()
        .withStdin(true)
        .addToVolumeMounts(
            new VolumeMountBuilder()
                .withName(VOLUME)
                .withMountPath(FOLDER)
                .withReadOnly(true)
                .build())
        .withReadinessProbe(probe(template))
        .build();
  }

  private static List<String> command(Template template) {
    var command = new ArrayList<String>();
    command.addAll(
        List.of(
            LAUNCHER,
            "run",
            "--port=" + template.port(),
            "--check=" + check(template),
            "--failure-threshold=" + failureThreshold(template),
            "--probe-port=" + probePort(template),
            "--restart=" + (template.restartPolicy() == RestartPolicy.NEVER ? "Never" : "Always"),
            "--"));
    command.addAll(template.command());
    if (template.args() != null) {
      command.addAll(template.args());
    }
    return command;
  }

  private static String check(Template template) {
    return switch (template.readiness()) {
      case null -> "none";
      case Readiness readiness when readiness.http() != null -> "http:" + readiness.http().path();
      case Readiness readiness when readiness.tcp() != null -> "tcp";
      case Readiness _ -> "none";
    };
  }

  private static int probePort(Template template) {
    return template.port() == PROBE_PORT ? OTHER_PROBE_PORT : PROBE_PORT;
  }

  private static int failureThreshold(Template template) {
    var readiness = template.readiness();
    return readiness == null || readiness.failureThreshold() == null
        ? SandboxPod.DEFAULT_FAILURE_THRESHOLD
        : readiness.failureThreshold();
  }

  /**
   * The launcher itself knows how often a check may fail, and that a restart is no such failure.
   */
  private static Probe probe(Template template) {
    var readiness = template.readiness();
    return new ProbeBuilder()
        .withNewHttpGet()
        .withNewPort(probePort(template))
        .endHttpGet()
        .withPeriodSeconds(
            readiness == null || readiness.periodSeconds() == null
                ? SandboxPod.DEFAULT_PERIOD_SECONDS
                : readiness.periodSeconds())
        .withTimeoutSeconds(PROBE_TIMEOUT_SECONDS)
        .withFailureThreshold(1)
        .build();
  }
}
