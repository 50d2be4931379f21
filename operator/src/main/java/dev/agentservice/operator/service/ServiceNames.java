package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Base32Digest;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
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

  /** What a Service selects: this service's UID, not its name, and only the current attempt. */
  static Map<String, String> selector(AgentService service, int attempt) {
    return Map.of(
        Names.SERVICE_UID_LABEL, service.getMetadata().getUid(),
        Names.ATTEMPT_LABEL, Integer.toString(attempt));
  }

  static boolean isOwned(HasMetadata child, AgentService service) {
    return child.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(service.getMetadata().getUid()));
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
