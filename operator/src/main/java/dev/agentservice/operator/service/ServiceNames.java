package dev.agentservice.operator.service;

import dev.agentservice.operator.Base32Digest;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;

/** The names, labels and owner reference by which a service and its children know each other. */
final class ServiceNames {

  private static final String ID_PREFIX = "adsvc_";
  private static final String API_NAME_PREFIX = "adsvc-";
  private static final int ID_DIGITS = 13;
  private static final int SANDBOX_DIGITS = 8;

  private ServiceNames() {}

  /**
   * The API's id: from the name where the HTTP API chose it, else from the UID; it never changes.
   */
  static String id(AgentService service) {
    var metadata = service.getMetadata();
    return metadata.getName().startsWith(API_NAME_PREFIX)
        ? ID_PREFIX + metadata.getName().substring(API_NAME_PREFIX.length())
        : ID_PREFIX + Base32Digest.of(metadata.getUid(), ID_DIGITS);
  }

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

  static OwnerReference ownerReference(AgentService service) {
    return new OwnerReferenceBuilder()
        .withApiVersion(service.getApiVersion())
        .withKind(service.getKind())
        .withName(service.getMetadata().getName())
        .withUid(service.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
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
