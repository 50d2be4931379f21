package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.edge.PublicAccess;
import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.RestartPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that one pass knows of a service. Nothing below it reads the world again, and the time is
 * part of it, so everything below it is a function that a table can test.
 *
 * @param deploymentDeleted whether the deployment this service was resolved from is surely gone
 * @param sandbox the current attempt's
 * @param heard what the launcher in that sandbox said
 * @param others pods of other attempts that are still there
 * @param isolation the NetworkPolicy that the namespace lacks; empty where it has it, or needs none
 * @param sandboxes what every sandbox of this installation has
 * @param warm what the pool has for a start
 * @param publicAccess what there is to its public URL; empty where the installation has none
 * @param refusal the last write of this pass that the API server would not do
 */
@RecordBuilder
public record Observation(
    AgentService service,
    Recipe recipe,
    Admission admission,
    boolean deploymentDeleted,
    TransientSecret transientSecret,
    List<LastingSource> lastingSources,
    Sandbox sandbox,
    Heard heard,
    List<Sandbox.Present> others,
    Front front,
    Optional<NetworkPolicy> isolation,
    SandboxSettings sandboxes,
    Warm warm,
    Optional<PublicAccess> publicAccess,
    Optional<Refusal> refusal,
    Instant now)
    implements ObservationBuilder.With {

  private static final AgentServiceStatus NEVER_SEEN =
      AgentServiceStatusBuilder.builder().observedGeneration(-1L).phase(Phase.STARTING).build();

  /** How long a start may take where there is no recipe that says so. */
  private static final int START_TIMEOUT_WITHOUT_RECIPE = 120;

  static AgentServiceStatus statusOf(AgentService service) {
    return service.getStatus() == null ? NEVER_SEEN : service.getStatus();
  }

  /** Whether no operator has looked at the service yet. */
  static boolean isNew(AgentServiceStatus status) {
    return status.observedGeneration() == null || status.observedGeneration() < 0;
  }

  AgentServiceSpec spec() {
    return service.getSpec();
  }

  AgentServiceStatus status() {
    return statusOf(service);
  }

  /** Which start this is; 0 before the first. */
  int attempt() {
    return status().attempt() == null ? 0 : status().attempt();
  }

  boolean wasStarted() {
    return attempt() > 0;
  }

  /** Whether the current attempt has a transient Secret. */
  boolean consumesSecret() {
    return status().envSecretName() != null;
  }

  /** Whether the current attempt got values that exist nowhere else. */
  boolean hasTransientEnv() {
    return consumesSecret() && !awaitsDelivery();
  }

  /**
   * Whether the attempt's Secret still has what a launcher is to hand over. Its word is in status
   * before the Secret is deleted, so what status does not say has not happened for good.
   */
  boolean awaitsDelivery() {
    return status().processId() == null
        && ConditionWriter.find(status().conditions(), Conditions.ENV_INJECTED)
            .filter(injected -> injected.getReason().equals(Conditions.NOT_DELIVERED))
            .isPresent();
  }

  /** Whether the agent's process is known to have its env. */
  boolean envArrived() {
    return status().processId() != null
        || status().startedAt() != null
        || (sandbox instanceof Sandbox.Present present && present.pod().everRan());
  }

  /** The process that a launcher started, as far as this operator or status knows. */
  Optional<Long> processId() {
    return heard instanceof Heard.Agent agent && agent.processId() != null
        ? Optional.of(agent.processId())
        : Optional.ofNullable(status().processId());
  }

  /** Whether a launcher runs that has not been told to start the agent, as far as is known. */
  boolean launcherWaits() {
    return launcherWaits(status(), sandbox, heard);
  }

  static boolean launcherWaits(AgentServiceStatus status, Sandbox sandbox, Heard heard) {
    return sandbox instanceof Sandbox.Running
        && sandbox.isSupervised()
        && heard instanceof Heard.Nothing
        && status.processId() == null;
  }

  /** Whether the launcher's own word is wanted before it can be said that the agent serves. */
  boolean launcherIsToBeAsked() {
    return sandbox instanceof Sandbox.Running(Sandbox.PodFacts pod, boolean ready)
        && ready
        && sandbox.isSupervised()
        && heard instanceof Heard.Nothing
        && status().processId() != null
        && (status().phase() != Phase.READY || becameReadyUnseen(pod));
  }

  /**
   * Whether the pod was not Ready for a while that no pass saw: a launcher restarts its agent
   * within a second, and two words of a kubelet, or those spoken while no operator ran, come as
   * one.
   */
  private boolean becameReadyUnseen(Sandbox.PodFacts pod) {
    var details = status().readinessStatus();
    return details != null
        && details.readyAt() != null
        && pod.readyAt() != null
        && !ConditionWriter.rfc3339(pod.readyAt()).equals(details.readyAt());
  }

  /** Whether the agent of the current attempt is there to be kept while a restart waits. */
  boolean hasLiveAgent() {
    return switch (status().phase()) {
      case STARTING, READY, UNHEALTHY ->
          switch (sandbox) {
            case Sandbox.Running _, Sandbox.Restarting _, Sandbox.Waiting _ -> true;
            case Sandbox.NodeLost lost -> !lost.leaving();
            default -> false;
          };
      case STOPPING, STOPPED, FAILED -> false;
    };
  }

  /** Whether the agent of the current attempt served already. */
  boolean wasReady() {
    return status().phase() == Phase.READY || status().phase() == Phase.UNHEALTHY;
  }

  RestartPolicy restartPolicy() {
    return recipe instanceof Recipe.Found found && found.template().restartPolicy() != null
        ? found.template().restartPolicy()
        : RestartPolicy.ALWAYS;
  }

  int startTimeoutSeconds() {
    return recipe instanceof Recipe.Found found && found.template().startTimeoutSeconds() != null
        ? found.template().startTimeoutSeconds()
        : START_TIMEOUT_WITHOUT_RECIPE;
  }
}
