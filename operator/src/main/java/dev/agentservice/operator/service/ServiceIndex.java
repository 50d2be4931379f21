package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The services there are, and which of them belong together. */
final class ServiceIndex {

  private static final String BY_DEPLOYMENT = "by-deployment";
  private static final String BY_IDEMPOTENCY_KEY = "by-idempotency-key";

  private final IndexerResourceCache<AgentService> services;

  ServiceIndex(IndexerResourceCache<AgentService> services) {
    this.services = services;
    services.addIndexers(
        Map.of(
            BY_DEPLOYMENT,
            service -> List.of(inDeploymentOf(service)),
            BY_IDEMPOTENCY_KEY,
            service ->
                IdempotencyKey.of(service)
                    .map(key -> List.of(inDeploymentOf(service) + "/" + key))
                    .orElseGet(List::of)));
  }

  /** All under the deployment of {@code service}, that one among them; own writes included. */
  Stream<AgentService> siblings(AgentService service) {
    return latest(services.byIndex(BY_DEPLOYMENT, inDeploymentOf(service)));
  }

  /** Those of its siblings that have this idempotency key; own writes included. */
  Stream<AgentService> withKey(AgentService service, String key) {
    return latest(services.byIndex(BY_IDEMPOTENCY_KEY, inDeploymentOf(service) + "/" + key));
  }

  /** Those that name {@code deployment} in the namespace of {@code source}. */
  Stream<AgentService> of(HasMetadata source, String deployment) {
    var namespace = source.getMetadata().getNamespace();
    return services.byIndex(BY_DEPLOYMENT, namespace + "/" + deployment).stream();
  }

  /** Those of a namespace that are to go on as they are. */
  Stream<AgentService> thatLive(String namespace) {
    return services.list(namespace, service -> Intent.of(service) == Intent.KEEP);
  }

  /** Those of which the public URL comes and goes with the gateway's protection. */
  Stream<ResourceID> ready() {
    return services
        .list(service -> Observation.statusOf(service).phase() == Phase.READY)
        .map(ResourceID::fromResource);
  }

  /** Every phase, by its word, also those that no service is in. */
  Map<String, Integer> countByPhase() {
    var counts = new TreeMap<String, Integer>();
    for (var phase : Phase.values()) {
      counts.put(phase.word(), 0);
    }
    services
        .list(_ -> true)
        .forEach(
            service -> counts.merge(Observation.statusOf(service).phase().word(), 1, Integer::sum));
    return counts;
  }

  /** An index shows what the watch brought; the cache itself knows own writes before that. */
  private Stream<AgentService> latest(List<AgentService> indexed) {
    return indexed.stream()
        .flatMap(service -> services.get(ResourceID.fromResource(service)).stream());
  }

  private static String inDeploymentOf(AgentService service) {
    return service.getMetadata().getNamespace() + "/" + service.getSpec().deployment();
  }
}
