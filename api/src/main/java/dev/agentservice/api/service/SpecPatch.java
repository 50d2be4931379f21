package dev.agentservice.api.service;

import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.catalog.ClusterAnswer;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Function;

/** Changes a service's spec as it is now, and not as somebody else made it meanwhile. */
final class SpecPatch {

  private static final int TRIES = 10;

  private final KubernetesClient client;
  private final Catalog catalog;

  SpecPatch(KubernetesClient client, Catalog catalog) {
    this.client = client;
    this.catalog = catalog;
  }

  /**
   * Applies the change to the service as the API server has it; again where another writer was
   * faster.
   *
   * @param change gets a copy of its own; empty: there is nothing to change
   * @return the service after it
   */
  AgentService apply(AgentService service, Function<AgentService, Optional<AgentService>> change) {
    for (var attempt = 0; attempt < TRIES; attempt++) {
      var current = live(service);
      var changed = change.apply(current);
      if (changed.isEmpty()) {
        return current;
      }
      try {
        return catalog.wrote(client.resource(changed.get()).update());
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw ClusterAnswer.isRefused(e) ? new Problem(ErrorCode.REFUSED_BY_CLUSTER) : e;
        }
        // another writer was faster: look again
      }
    }
    throw new Problem(ErrorCode.SERVICE_CHANGED);
  }

  /**
   * The same service as the API server has it now.
   *
   * @throws Problem {@code service_not_found} where it was deleted
   */
  AgentService live(AgentService service) {
    var metadata = service.getMetadata();
    return catalog
        .liveService(metadata.getNamespace(), metadata.getName())
        .filter(now -> now.getMetadata().getUid().equals(metadata.getUid()))
        .filter(now -> now.getMetadata().getDeletionTimestamp() == null)
        .orElseThrow(() -> new Problem(ErrorCode.SERVICE_NOT_FOUND));
  }
}
