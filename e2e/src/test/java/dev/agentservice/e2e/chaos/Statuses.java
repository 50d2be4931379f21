package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the statuses of all services in some namespaces are at one time. */
record Statuses(Map<String, Kept> byService) {

  private static final String ENV_INJECTED = "EnvInjected";

  record Kept(String resourceVersion, AgentServiceStatus status) {

    private List<Condition> conditions() {
      return status.conditions() == null ? List.of() : status.conditions();
    }

    private String envInjected() {
      return conditions().stream()
          .filter(condition -> condition.getType().equals(ENV_INJECTED))
          .map(Condition::getReason)
          .findFirst()
          .orElse("");
    }

    private AgentServiceStatus besideEnvInjected() {
      return status
          .withUpdatedAt(null)
          .withConditions(
              conditions().stream()
                  .filter(condition -> !condition.getType().equals(ENV_INJECTED))
                  .toList());
    }

    /** The one look that time itself brings: for a late copy, ten minutes after the injection. */
    private boolean isSweptAs(Kept now) {
      return envInjected().equals("Injected")
          && now.envInjected().equals("Swept")
          && besideEnvInjected().equals(now.besideEnvInjected());
    }
  }

  static Statuses of(KubernetesClient client, List<String> namespaces) {
    var byService = new HashMap<String, Kept>();
    for (var namespace : namespaces) {
      for (var service :
          client.resources(AgentService.class).inNamespace(namespace).list().getItems()) {
        byService.put(
            namespace + "/" + service.getMetadata().getName(),
            new Kept(service.getMetadata().getResourceVersion(), service.getStatus()));
      }
    }
    return new Statuses(byService);
  }

  /**
   * One line for each service that was written since, were it with the same content, but for what
   * its time has come for.
   */
  List<String> changedSince(Statuses before) {
    return byService.entrySet().stream()
        .filter(entry -> isChanged(before.byService.get(entry.getKey()), entry.getValue()))
        .map(
            entry ->
                "%s: a fresh operator changed its status from %s to %s"
                    .formatted(
                        entry.getKey(),
                        Serialization.asJson(before.byService.get(entry.getKey())),
                        Serialization.asJson(entry.getValue())))
        .toList();
  }

  private static boolean isChanged(Kept before, Kept now) {
    return before == null
        || !(before.resourceVersion().equals(now.resourceVersion()) || before.isSweptAs(now));
  }
}
