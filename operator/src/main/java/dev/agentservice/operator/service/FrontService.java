package dev.agentservice.operator.service;

import dev.agentservice.operator.sandbox.SandboxPod;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;

/** The Service in front of the current attempt's sandbox. It has the AgentService's own name. */
final class FrontService {

  private FrontService() {}

  /** On the port that status remembers: it is made again even when the recipe is gone. */
  static Service of(Observation seen) {
    var service = seen.service();
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(service.getMetadata().getName())
        .addToLabels(Names.SERVICE_UID_LABEL, service.getMetadata().getUid())
        .addToLabels(Names.SERVICE_LABEL, service.getMetadata().getName())
        .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
        .withOwnerReferences(service.ownerReference())
        .endMetadata()
        .withNewSpec()
        .withSelector(ServiceNames.selector(service))
        .addNewPort()
        .withName(SandboxPod.PORT_NAME)
        .withPort(seen.status().port())
        .withTargetPort(new IntOrString(SandboxPod.PORT_NAME))
        .endPort()
        .endSpec()
        .build();
  }
}
