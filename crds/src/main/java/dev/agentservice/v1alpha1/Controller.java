package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** What owns objects, of which each has one controller. */
final class Controller {

  private Controller() {}

  /** By which a child says that it belongs to {@code controller}, and is collected after it. */
  static OwnerReference reference(HasMetadata controller) {
    return new OwnerReferenceBuilder()
        .withApiVersion(controller.getApiVersion())
        .withKind(controller.getKind())
        .withName(controller.getMetadata().getName())
        .withUid(controller.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
