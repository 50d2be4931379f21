package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The key by which a service is the only one of its kind under its deployment. */
final class IdempotencyKey {

  private static final Pattern VALID = Pattern.compile("[!-~]{1,255}");

  private IdempotencyKey() {}

  /**
   * The key that status remembers, else the annotation's. Only what can be a key: the schema would
   * refuse a status with anything else in it.
   */
  static Optional<String> of(AgentService service) {
    return Optional.ofNullable(Observation.statusOf(service).idempotencyKey())
        .or(() -> annotated(service).filter(IdempotencyKey::isValid));
  }

  /** Whether its author meant a key that none can be: to start it twice would be against that. */
  static boolean isInvalid(AgentService service) {
    return of(service).isEmpty() && annotated(service).isPresent();
  }

  private static Optional<String> annotated(AgentService service) {
    Map<String, String> annotations = service.getMetadata().getAnnotations();
    return annotations == null
        ? Optional.empty()
        : Optional.ofNullable(annotations.get(Names.IDEMPOTENCY_KEY_ANNOTATION));
  }

  private static boolean isValid(String key) {
    return VALID.matcher(key).matches();
  }
}
