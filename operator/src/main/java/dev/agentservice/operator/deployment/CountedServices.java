package dev.agentservice.operator.deployment;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/** Keeps of each service what a deployment's counts and references are read from. */
final class CountedServices extends BasicItemStore<AgentService> {

  CountedServices() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public AgentService put(String key, AgentService service) {
    return super.put(key, trimmed(service));
  }

  private static AgentService trimmed(AgentService service) {
    var status = service.getStatus();
    var trimmed = new AgentService();
    trimmed.setMetadata(service.getMetadata());
    trimmed.setSpec(
        AgentServiceSpecBuilder.builder()
            .deployment(service.getSpec().deployment())
            .version(service.getSpec().version())
            .build());
    if (status != null) {
      trimmed.setStatus(
          AgentServiceStatusBuilder.builder()
              .phase(status.phase())
              .versionId(status.versionId())
              .attemptStartedAt(status.attemptStartedAt())
              .build());
    }
    return trimmed;
  }
}
