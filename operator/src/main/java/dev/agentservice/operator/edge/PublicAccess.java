package dev.agentservice.operator.edge;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/**
 * What there is to a service's public URL.
 *
 * @param permitted whether its deployment permits one
 * @param route as it is; empty where there is none
 */
public record PublicAccess(
    PublicUrlSettings settings,
    boolean permitted,
    Protection protection,
    Optional<HasMetadata> route) {

  public PublicAccess withRoute(Optional<HasMetadata> route) {
    return new PublicAccess(settings, permitted, protection, route);
  }
}
