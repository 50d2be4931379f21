package dev.agentservice.api.service;

import dev.agentservice.api.http.Json;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import java.util.Map;
import java.util.Optional;

/**
 * A service as the HTTP API shows it: exactly the fields of the seed, all of them always there.
 * Times are RFC 3339 in UTC.
 *
 * @param status the phase's word
 * @param port 1 to 65535
 * @param processId null: never invented
 * @param publicUrl may carry a credential: not to be logged or stored
 * @param readinessStatus open: its keys vary by phase
 */
public record ServiceDocument(
    String id,
    String deploymentId,
    String versionId,
    String status,
    Integer port,
    String createdAt,
    String updatedAt,
    String sandboxId,
    Long processId,
    String publicUrl,
    Map<String, Object> readinessStatus,
    String failureReason,
    String startedAt,
    String stoppedAt,
    String idempotencyKey) {

  private static final AgentServiceStatus NOT_LOOKED_AT =
      AgentServiceStatusBuilder.builder().phase(Phase.STARTING).build();

  /**
   * Shows the service.
   *
   * @param recipe what its deployment says, for one that the operator has not looked at yet
   * @param publicUrl signed, where its reader may have it; null: none
   */
  static ServiceDocument of(AgentService service, KnownRecipe recipe, String publicUrl) {
    var status = Optional.ofNullable(service.getStatus()).orElse(NOT_LOOKED_AT);
    var metadata = service.getMetadata();
    var created = first(status.createdAt(), metadata.getCreationTimestamp());
    return new ServiceDocument(
        service.id(),
        service.getSpec().deployment(),
        first(status.versionId(), first(service.getSpec().version(), recipe.version())),
        first(status.phase(), Phase.STARTING).word(),
        first(status.port(), recipe.port()),
        created,
        first(status.updatedAt(), created),
        status.sandboxId(),
        status.processId(),
        publicUrl,
        Json.open(status.readinessStatus()),
        status.failureReason(),
        status.startedAt(),
        status.stoppedAt(),
        first(
            status.idempotencyKey(),
            metadata.getAnnotations().get(Names.IDEMPOTENCY_KEY_ANNOTATION)));
  }

  /** What a service will run, as far as its deployment tells. */
  record KnownRecipe(String version, Integer port) {

    boolean isComplete() {
      return version != null && port != null;
    }
  }

  private static <T> T first(T preferred, T otherwise) {
    return preferred == null ? otherwise : preferred;
  }
}
