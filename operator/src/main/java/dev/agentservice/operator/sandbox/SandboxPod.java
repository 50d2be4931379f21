package dev.agentservice.operator.sandbox;

import dev.agentservice.operator.recipe.Supervised;
import dev.agentservice.v1alpha1.ContainerSecurity;
import dev.agentservice.v1alpha1.ImagePullPolicy;
import dev.agentservice.v1alpha1.PodOverrides;
import dev.agentservice.v1alpha1.PodOverridesBuilder;
import dev.agentservice.v1alpha1.PodSecurity;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.SandboxVolume;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A sandbox: a pod that meets Pod Security {@code restricted}, whatever the recipe says. It is made
 * once and never changed.
 */
public final class SandboxPod {

  /** The agent's container, in every sandbox. */
  public static final String CONTAINER = "agent";

  /** The name of the port on which the agent answers. */
  public static final String PORT_NAME = "agent";

  /**
   * The kubelet copies into the pod's status what it finds at this path, and an agent that crashes
   * may write its env to the usual one, {@code /dev/termination-log}. That one is not there; this
   * one no agent looks for. There is no pod without such a file.
   */
  static final String TERMINATION_MESSAGE_PATH = "/dev/agentservice-termination-log";

  private static final long DEFAULT_STOP_GRACE_SECONDS = 30;
  static final int DEFAULT_PERIOD_SECONDS = 1;
  static final int DEFAULT_FAILURE_THRESHOLD = 10;

  /** Set where the recipe sets none, so that no agent can take a node. */
  private static final Map<String, Quantity> DEFAULT_LIMITS =
      Map.of(
          "cpu", new Quantity("1"),
          "memory", new Quantity("512Mi"),
          "ephemeral-storage", new Quantity("2Gi"));

  /** For each of the limits: the API server takes a whole limit for a request that is missing. */
  private static final Map<String, Quantity> DEFAULT_REQUESTS =
      Map.of(
          "cpu", new Quantity("50m"),
          "memory", new Quantity("64Mi"),
          "ephemeral-storage", new Quantity("128Mi"));

  private static final PodOverrides NO_OVERRIDES = PodOverridesBuilder.builder().build();

  private SandboxPod() {}

  /** What a container's env is made of. */
  public record Environment(List<EnvVar> env, List<EnvFromSource> envFrom) {

    /** What the recipe itself sets, and nothing that a service brings. */
    public static Environment ofTemplate(Template template) {
      return new Environment(
          Optional.ofNullable(template.env()).orElseGet(List::of).stream()
              .map(
                  value ->
                      new EnvVarBuilder().withName(value.name()).withValue(value.value()).build())
              .toList(),
          List.of());
    }
  }

  /**
   * A sandbox of this recipe.
   *
   * @param metadata its name, its owner and our labels; the recipe's come beside them
   * @param environment what the node gives the agent; a launcher is given what is not the recipe's
   * @param onlyOnce whether the node must not start the agent again, whatever the recipe says
   * @param settings what every sandbox of this installation has
   */
  public static Pod of(
      ObjectMeta metadata,
      Template template,
      Environment environment,
      boolean onlyOnce,
      SandboxSettings settings) {
    var overrides = template.podOverrides() == null ? NO_OVERRIDES : template.podOverrides();
    var pod = direct(metadata, template, environment, onlyOnce, overrides, settings);
    return settings
        .launcherImage()
        .filter(_ -> Supervised.isWanted(template))
        .map(image -> LaunchedPod.of(pod, template, image))
        .orElse(pod);
  }

  private static Pod direct(
      ObjectMeta metadata,
      Template template,
      Environment environment,
      boolean onlyOnce,
      PodOverrides overrides,
      SandboxSettings settings) {
    return new PodBuilder()
        .withMetadata(
            new ObjectMetaBuilder(metadata)
                .withLabels(labels(metadata, overrides))
                .withAnnotations(overrides.annotations())
                .build())
        .withNewSpec()
        .withContainers(container(template, environment, overrides))
        .withRestartPolicy(
            onlyOnce || template.restartPolicy() == RestartPolicy.NEVER ? "Never" : "Always")
        .withTerminationGracePeriodSeconds(stopGrace(template))
        .withRuntimeClassName(template.runtimeClassName())
        .withHostUsers(settings.userNamespaces() ? Boolean.FALSE : null)
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withSecurityContext(podSecurity(overrides.securityContext()))
        .withServiceAccountName(overrides.serviceAccountName())
        .withImagePullSecrets(overrides.imagePullSecrets())
        .withNodeSelector(overrides.nodeSelector())
        .withTolerations(overrides.tolerations())
        .withAffinity(overrides.affinity())
        .withVolumes(volumes(overrides.volumes()))
        .endSpec()
        .build();
  }

  /** Never 0: each deletion would be a forced one, which waits for no word of the node. */
  private static long stopGrace(Template template) {
    return template.stopGraceSeconds() == null
        ? DEFAULT_STOP_GRACE_SECONDS
        : Math.max(1, template.stopGraceSeconds());
  }

  private static Map<String, String> labels(ObjectMeta metadata, PodOverrides overrides) {
    var labels = new HashMap<String, String>();
    if (overrides.labels() != null) {
      labels.putAll(overrides.labels());
    }
    labels.putAll(metadata.getLabels());
    return labels;
  }

  private static Container container(
      Template template, Environment environment, PodOverrides overrides) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(template.image())
        .withImagePullPolicy(imagePullPolicy(template.imagePullPolicy()))
        .withCommand(template.command())
        .withArgs(template.args())
        .withWorkingDir(template.workingDir())
        .addNewPort()
        .withName(PORT_NAME)
        .withContainerPort(template.port())
        .endPort()
        .withEnv(environment.env())
        .withEnvFrom(environment.envFrom())
        .withResources(resources(template))
        .withVolumeMounts(overrides.volumeMounts())
        .withSecurityContext(containerSecurity(overrides.containerSecurityContext()))
        .withReadinessProbe(readinessProbe(template))
        .withTerminationMessagePath(TERMINATION_MESSAGE_PATH)
        .withTerminationMessagePolicy("File") // the other one copies the end of the agent's log
        .build();
  }

  private static String imagePullPolicy(ImagePullPolicy policy) {
    return switch (policy) {
      case null -> null;
      case ALWAYS -> "Always";
      case IF_NOT_PRESENT -> "IfNotPresent";
      case NEVER -> "Never";
    };
  }

  /**
   * No startup probe beside it: the kubelet would look at readiness only after that one's success,
   * and every start would take a second longer. The attempt's deadline is what ends a start.
   */
  private static Probe readinessProbe(Template template) {
    var readiness = template.readiness();
    return check(template)
        .map(
            probe ->
                probe
                    .withPeriodSeconds(
                        readiness.periodSeconds() == null
                            ? DEFAULT_PERIOD_SECONDS
                            : readiness.periodSeconds())
                    .withFailureThreshold(
                        readiness.failureThreshold() == null
                            ? DEFAULT_FAILURE_THRESHOLD
                            : readiness.failureThreshold())
                    .build())
        .orElse(null);
  }

  private static Optional<ProbeBuilder> check(Template template) {
    return switch (template.readiness()) {
      case null -> Optional.empty();
      case Readiness readiness when readiness.http() != null ->
          Optional.of(
              new ProbeBuilder()
                  .withNewHttpGet()
                  .withPath(readiness.http().path())
                  .withNewPort(template.port())
                  .endHttpGet());
      case Readiness readiness when readiness.tcp() != null ->
          Optional.of(
              new ProbeBuilder().withNewTcpSocket().withNewPort(template.port()).endTcpSocket());
      case Readiness _ -> Optional.empty();
    };
  }

  /**
   * Limits are always set, so one of 0, which Kubernetes takes for none, is not; a request above a
   * default limit lifts that limit.
   */
  private static ResourceRequirements resources(Template template) {
    var asked = template.resources();
    var limits = new HashMap<String, Quantity>();
    var requests = new HashMap<String, Quantity>();
    if (asked != null && asked.requests() != null) {
      requests.putAll(asked.requests());
    }
    if (asked != null && asked.limits() != null) {
      limits.putAll(asked.limits());
    }
    limits.values().removeIf(limit -> limit.getNumericalAmount().signum() == 0);
    DEFAULT_LIMITS.forEach(
        (resource, limit) -> limits.putIfAbsent(resource, larger(limit, requests.get(resource))));
    DEFAULT_REQUESTS.forEach(
        (resource, request) ->
            requests.putIfAbsent(resource, smaller(request, limits.get(resource))));
    return new ResourceRequirementsBuilder().withRequests(requests).withLimits(limits).build();
  }

  private static Quantity larger(Quantity one, Quantity other) {
    return other == null || other.getNumericalAmount().compareTo(one.getNumericalAmount()) < 0
        ? one
        : other;
  }

  private static Quantity smaller(Quantity one, Quantity other) {
    return other.getNumericalAmount().compareTo(one.getNumericalAmount()) < 0 ? other : one;
  }

  private static PodSecurityContext podSecurity(PodSecurity asked) {
    var security =
        new PodSecurityContextBuilder()
            .withRunAsNonRoot(true)
            .withSeccompProfile(seccomp(asked == null ? null : asked.seccompProfile()));
    if (asked != null) {
      security
          .withRunAsUser(notRoot(asked.runAsUser()))
          .withRunAsGroup(asked.runAsGroup())
          .withFsGroup(asked.fsGroup())
          .withFsGroupChangePolicy(asked.fsGroupChangePolicy())
          .withSupplementalGroups(asked.supplementalGroups());
    }
    return security.build();
  }

  static SecurityContext containerSecurity(ContainerSecurity asked) {
    var security =
        new SecurityContextBuilder()
            .withAllowPrivilegeEscalation(false)
            .withNewCapabilities()
            .addToDrop("ALL")
            .endCapabilities();
    if (asked != null) {
      security
          .withReadOnlyRootFilesystem(asked.readOnlyRootFilesystem())
          .withRunAsUser(notRoot(asked.runAsUser()))
          .withRunAsGroup(asked.runAsGroup())
          .withSeccompProfile(
              asked.seccompProfile() == null ? null : seccomp(asked.seccompProfile()));
      if (asked.capabilities() != null) {
        security
            .editCapabilities()
            .withAdd(
                asked.capabilities().getAdd().stream().filter("NET_BIND_SERVICE"::equals).toList())
            .endCapabilities();
      }
    }
    return security.build();
  }

  private static Long notRoot(Long user) {
    return user != null && user == 0 ? null : user;
  }

  private static SeccompProfile seccomp(SeccompProfile asked) {
    return asked != null && !asked.getType().equals("Unconfined")
        ? asked
        : new SeccompProfileBuilder().withType("RuntimeDefault").build();
  }

  private static List<Volume> volumes(List<SandboxVolume> volumes) {
    if (volumes == null) {
      return List.of();
    }
    return volumes.stream()
        .map(
            volume ->
                new VolumeBuilder()
                    .withName(volume.name())
                    .withEmptyDir(volume.emptyDir())
                    .withConfigMap(volume.configMap())
                    .withSecret(volume.secret())
                    .withPersistentVolumeClaim(volume.persistentVolumeClaim())
                    .withEphemeral(volume.ephemeral())
                    .build())
        .toList();
  }
}
