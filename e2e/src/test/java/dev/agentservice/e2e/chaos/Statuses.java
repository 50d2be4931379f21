package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the statuses of all services in some namespaces are at one time. */
record Statuses(Map<String, String> byService) {

  static Statuses of(KubernetesClient client, List<String> namespaces) {
    var byService = new HashMap<String, String>();
    for (var namespace : namespaces) {
      for (var service :
          client.resources(AgentService.class).inNamespace(namespace).list().getItems()) {
        byService.put(
            namespace + "/" + service.getMetadata().getName(),
            service.getMetadata().getResourceVersion()
                + " "
                + Serialization.asJson(service.getStatus()));
      }
    }
    return new Statuses(byService);
  }

  /** One line for each service that was written since, were it with the same content. */
  List<String> changedSince(Statuses before) {
    return byService.keySet().stream()
        .filter(service -> !byService.get(service).equals(before.byService.get(service)))
        .map(
            service ->
                "%s: a fresh operator changed its status from %s to %s"
                    .formatted(service, before.byService.get(service), byService.get(service)))
        .toList();
  }
}
