package dev.agentservice.operator.service;

import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Base32Digest;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashMap;
import java.util.Map;

/** The names, labels and owner references by which a service and its children know each other. */
final class ServiceNames {

  private static final int SANDBOX_DIGITS = 8;

  private ServiceNames() {}

  /** The name of an attempt's pod: the same whenever it is computed, so that it is made once. */
  static String sandbox(AgentService service, int attempt) {
    var metadata = service.getMetadata();
    return metadata.getName()
        + "-"
        + Base32Digest.of(metadata.getUid() + "/" + attempt, SANDBOX_DIGITS);
  }

  /** The name of the current attempt's pod: that of the one it took, else the attempt's own. */
  static String currentSandbox(AgentService service) {
    var status = Observation.statusOf(service);
    if (status.attempt() == null) {
      return null;
    }
    return WarmPod.isName(status.sandboxId())
        ? status.sandboxId()
        : sandbox(service, status.attempt());
  }

  /**
   * What a Service selects: a sandbox that was taken by its own label, which it had when it became
   * Ready; any other by this service's UID, not its name, and the current attempt.
   */
  static Map<String, String> selector(AgentService service) {
    var status = Observation.statusOf(service);
    return WarmPod.isName(status.sandboxId())
        ? Map.of(Names.SANDBOX_LABEL, status.sandboxId())
        : ofAttempt(service, status.attempt());
  }

  /** The labels by which the pod of an attempt is known. */
  static Map<String, String> labels(AgentService service, int attempt) {
    var labels = new HashMap<>(ofAttempt(service, attempt));
    labels.put(Names.SERVICE_LABEL, service.getMetadata().getName());
    return labels;
  }

  /** The labels that the current attempt's pod is to keep: without them it is found by nobody. */
  static Map<String, String> kept(AgentService service) {
    var status = Observation.statusOf(service);
    var labels = new HashMap<>(labels(service, status.attempt()));
    labels.putAll(selector(service));
    labels.put(Names.DEPLOYMENT_LABEL, status.deploymentId());
    return labels;
  }

  private static Map<String, String> ofAttempt(AgentService service, Integer attempt) {
    return Map.of(
        Names.SERVICE_UID_LABEL, service.getMetadata().getUid(),
        Names.ATTEMPT_LABEL, String.valueOf(attempt));
  }

  /** Whether a child belongs to a service of the same name that was deleted. */
  static boolean isOfFormerService(HasMetadata child, AgentService service) {
    return child.getMetadata().getOwnerReferences().stream()
        .anyMatch(
            owner ->
                owner.getKind().equals(service.getKind())
                    && owner.getApiVersion().equals(service.getApiVersion())
                    && owner.getName().equals(service.getMetadata().getName())
                    && !owner.getUid().equals(service.getMetadata().getUid()));
  }
}
