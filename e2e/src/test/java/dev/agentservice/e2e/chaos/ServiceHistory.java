package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Every AgentService as it is now, and which Secrets were ever consumed. */
final class ServiceHistory extends History<AgentService, KubernetesResourceList<AgentService>> {

  private final Map<String, AgentService> services = new ConcurrentHashMap<>();
  private final Set<String> consumedSecrets = ConcurrentHashMap.newKeySet();
  private final AtomicLong changes = new AtomicLong();

  private ServiceHistory(KubernetesClient client) {
    super(client.resources(AgentService.class).inAnyNamespace());
  }

  static ServiceHistory of(KubernetesClient client) {
    var history = new ServiceHistory(client);
    history.begin();
    return history;
  }

  Optional<AgentService> find(String namespace, String name) {
    return Optional.ofNullable(services.get(namespace + "/" + name));
  }

  /** Whether an attempt of any service ever took this Secret's values. */
  boolean wasConsumed(HasMetadata secret) {
    return consumedSecrets.contains(key(secret));
  }

  /** Grows with every change of any service. */
  long changes() {
    return changes.get();
  }

  @Override
  void startWith(List<AgentService> all) {
    services.clear();
    all.forEach(this::changed);
  }

  @Override
  void changed(AgentService service) {
    services.put(key(service), service);
    var status = service.getStatus();
    if (status != null && status.envSecretName() != null) {
      consumedSecrets.add(service.getMetadata().getNamespace() + "/" + status.envSecretName());
    }
    changes.incrementAndGet();
  }

  @Override
  void deleted(AgentService service) {
    services.remove(key(service));
    changes.incrementAndGet();
  }

  private static String key(HasMetadata object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }
}
