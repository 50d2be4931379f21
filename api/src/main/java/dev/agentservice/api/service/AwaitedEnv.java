package dev.agentservice.api.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import java.util.Optional;
import java.util.Set;

/** Whether a transient Secret made now would still be taken by its service. */
final class AwaitedEnv {

  /** Failures before any pod existed, which the operator takes back when they are mended. */
  private static final Set<String> HEALING =
      Set.of(
          "EnvSecretNotFound",
          "EnvSourceRefused",
          "EnvConfigMapNotFound",
          "EnvKeyNotFound",
          "DeploymentNotFound",
          "DeploymentNotReady",
          "VersionNotFound");

  private static final String DUPLICATE = "DuplicateIdempotencyKey";

  private static final String ENV_INJECTED = "EnvInjected";

  private AwaitedEnv() {}

  /** The Secret that the service names; null where it names none. */
  static String secretName(AgentService service) {
    return Optional.ofNullable(service.getSpec().envSecret()).map(EnvSecret::name).orElse(null);
  }

  /**
   * Whether the service waits for the Secret of that name: it still names it, is to run, and has
   * neither taken it already nor ended otherwise.
   */
  static boolean awaits(AgentService service, String secretName) {
    return secretName != null
        && service.getMetadata().getDeletionTimestamp() == null
        && service.getSpec().desiredState() != DesiredState.STOPPED
        && secretName.equals(secretName(service))
        && (service.getStatus() == null || awaits(service, service.getStatus(), secretName));
  }

  private static boolean awaits(
      AgentService service, AgentServiceStatus status, String secretName) {
    if (secretName.equals(status.envSecretName())) {
      // the attempt under way took it: only until its process has the values can it be missed
      return isUnderWay(status) && !envIsInjected(status);
    }
    return (restartIsAsked(service, status) && !isDuplicate(status))
        || (status.attempt() == null && (isUnderWay(status) || heals(status)));
  }

  private static boolean restartIsAsked(AgentService service, AgentServiceStatus status) {
    var asked = service.getSpec().restartId();
    return asked != null && status.restartId() != null && !asked.equals(status.restartId());
  }

  /** It lost to another service of the same idempotency key, and never runs. */
  static boolean isDuplicate(AgentServiceStatus status) {
    return status.phase() == Phase.FAILED
        && status.readinessStatus() != null
        && DUPLICATE.equals(status.readinessStatus().reason());
  }

  private static boolean isUnderWay(AgentServiceStatus status) {
    return status.phase() == Phase.STARTING || status.phase() == Phase.UNHEALTHY;
  }

  private static boolean heals(AgentServiceStatus status) {
    return status.phase() == Phase.FAILED
        && status.readinessStatus() != null
        && HEALING.contains(status.readinessStatus().reason());
  }

  private static boolean envIsInjected(AgentServiceStatus status) {
    return status.conditions() != null
        && status.conditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals(ENV_INJECTED)
                        && condition.getStatus().equals("True"));
  }
}
