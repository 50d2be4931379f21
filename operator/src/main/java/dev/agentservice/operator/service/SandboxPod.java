package dev.agentservice.operator.service;

import dev.agentservice.operator.recipe.Supervised;
import dev.agentservice.v1alpha1.ContainerSecurity;
import dev.agentservice.v1alpha1.ImagePullPolicy;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.PodOverrides;
import dev.agentservice.v1alpha1.PodOverridesBuilder;
import dev.agentservice.v1alpha1.PodSecurity;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.SandboxVolume;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
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
 * The sandbox of one attempt: a pod that meets Pod Security {@code restricted}, whatever the recipe
 * says. It is made once and never changed.
 */
final class SandboxPod {

  /** The agent's container, in every sandbox. */
  static final String CONTAINER = "agent";

  /**
   * The kubelet copies into the pod's status what it finds at this path, and an agent that crashes
   * may write its env to the usual one, {@code /dev/termination-log}. That one is not there; this
   * one no agent looks for. There is no pod without such a file.
   */
  static final String TERMINATION_MESSAGE_PATH = "/dev/agentservice-termination-log";

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

  /** The pod of the attempt that the status of {@code seen} speaks of. */
  static Pod of(Observation seen, Recipe.Found recipe) {
    var template = recipe.template();
    var overrides = template.podOverrides() == null ? NO_OVERRIDES : template.podOverrides();
    var pod = direct(seen, recipe, overrides);
    return seen.launcherImage()
        .filter(_ -> Supervised.isWanted(template))
        .map(image -> LaunchedPod.of(pod, template, image))
        .orElse(pod);
  }

  private static Pod direct(Observation seen, Recipe.Found recipe, PodOverrides overrides) {
    var service = seen.service();
    var template = recipe.template();
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(ServiceNames.sandbox(service, seen.attempt()))
        .withLabels(labels(seen, recipe, overrides))
        .withAnnotations(overrides.annotations())
        .withOwnerReferences(service.ownerReference())
        .endMetadata()
        .withNewSpec()
        .withContainers(container(seen, template, overrides))
        .withRestartPolicy(restartPolicy(seen, template))
        .withTerminationGracePeriodSeconds(
            template.stopGraceSeconds() == null ? 30L : template.stopGraceSeconds().longValue())
        .withRuntimeClassName(template.runtimeClassName())
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

  private static Map<String, String> labels(
      Observation seen, Recipe.Found recipe, PodOverrides overrides) {
    var labels = new HashMap<String, String>();
    if (overrides.labels() != null) {
      labels.putAll(overrides.labels());
    }
    labels.putAll(ServiceNames.selector(seen.service(), seen.attempt()));
    labels.put(Names.SERVICE_LABEL, seen.service().getMetadata().getName());
    labels.put(Names.DEPLOYMENT_LABEL, recipe.deployment());
    labels.put(Names.MANAGED_BY_LABEL, Names.MANAGED_BY);
    return labels;
  }

  private static Container container(Observation seen, Template template, PodOverrides overrides) {
    var env = SandboxEnv.of(template, seen.lastingSources(), seen.transientSecret());
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(template.image())
        .withImagePullPolicy(imagePullPolicy(template.imagePullPolicy()))
        .withCommand(template.command())
        .withArgs(template.args())
        .withWorkingDir(template.workingDir())
        .addNewPort()
        .withName(FrontService.PORT_NAME)
        .withContainerPort(template.port())
        .endPort()
        .withEnv(env.env())
        .withEnvFrom(env.envFrom())
        .withResources(resources(template))
        .withVolumeMounts(overrides.volumeMounts())
        .withSecurityContext(containerSecurity(overrides.containerSecurityContext()))
        .withReadinessProbe(readinessProbe(template))
        .withTerminationMessagePath(TERMINATION_MESSAGE_PATH)
        .withTerminationMessagePolicy("File") // the other one copies the end of the agent's log
        .build();
  }

  /**
   * With transient env a process that ends is not started again by the node: its Secret is gone,
   * and the pod would hang in an error.
   */
  private static String restartPolicy(Observation seen, Template template) {
    var never = seen.hasTransientEnv() || template.restartPolicy() == RestartPolicy.NEVER;
    return never ? "Never" : "Always";
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

  /** Limits are always set; a request above a default limit lifts that limit. */
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
