package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is there in some namespaces and should not be.
 *
 * @param orphaned what is owned by something that no longer exists
 * @param leaked transient Secrets whose values an attempt took, or whose service is gone
 * @param unclaimed transient Secrets that no operator ever looked at: their service was deleted or
 *     told to use another one before
 */
record Census(List<String> orphaned, List<String> leaked, List<String> unclaimed) {

  static Census of(KubernetesClient client, List<String> namespaces, ServiceHistory history) {
    var orphaned = new ArrayList<String>();
    var leaked = new ArrayList<String>();
    var unclaimed = new ArrayList<String>();
    for (var namespace : namespaces) {
      // children first: an owner that is found afterwards was there before
      var pods = client.pods().inNamespace(namespace).list().getItems();
      var slices =
          client.discovery().v1().endpointSlices().inNamespace(namespace).list().getItems();
      var secrets = client.secrets().inNamespace(namespace).list().getItems();
      var fronts = client.services().inNamespace(namespace).list().getItems();
      var services = client.resources(AgentService.class).inNamespace(namespace).list().getItems();
      var alive = new HashSet<String>();
      Stream.concat(fronts.stream(), services.stream())
          .forEach(owner -> alive.add(owner.getMetadata().getUid()));
      Stream.of(pods, slices, secrets, fronts)
          .flatMap(List::stream)
          .filter(child -> isOrphan(child, alive))
          .forEach(child -> orphaned.add(name(child)));
      for (var secret : secrets) {
        if (!Names.TRANSIENT_ENV_SECRET_TYPE.equals(secret.getType())) {
          continue;
        }
        if (history.wasConsumed(secret) || isOrphan(secret, alive)) {
          leaked.add(name(secret));
        } else if (!isAwaited(secret, services)) {
          unclaimed.add(name(secret));
        }
      }
    }
    return new Census(orphaned, leaked, unclaimed);
  }

  /** All that has an owner. */
  static List<String> owned(KubernetesClient client, List<String> namespaces) {
    return namespaces.stream()
        .flatMap(
            namespace ->
                Stream.of(
                        client.pods().inNamespace(namespace).list().getItems(),
                        client.services().inNamespace(namespace).list().getItems(),
                        client
                            .discovery()
                            .v1()
                            .endpointSlices()
                            .inNamespace(namespace)
                            .list()
                            .getItems(),
                        client.secrets().inNamespace(namespace).list().getItems())
                    .flatMap(List::stream))
        .filter(child -> !child.getMetadata().getOwnerReferences().isEmpty())
        .map(Census::name)
        .toList();
  }

  boolean isClean() {
    return orphaned.isEmpty() && leaked.isEmpty();
  }

  private static boolean isOrphan(HasMetadata child, Set<String> alive) {
    return child.getMetadata().getOwnerReferences().stream()
        .map(OwnerReference::getUid)
        .anyMatch(owner -> !alive.contains(owner));
  }

  /** A start that is yet to come will take it. */
  private static boolean isAwaited(Secret secret, List<AgentService> services) {
    return services.stream()
        .map(service -> service.getSpec().envSecret())
        .anyMatch(named -> named != null && named.name().equals(secret.getMetadata().getName()));
  }

  private static String name(HasMetadata object) {
    return "%s %s/%s"
        .formatted(
            object.getKind(), object.getMetadata().getNamespace(), object.getMetadata().getName());
  }
}
