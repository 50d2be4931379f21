package dev.agentservice.api.service;

import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.DesiredState;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Stops a service; one that is to stop already is left as it is. */
public final class Stop {

  private final SpecPatch patch;

  public Stop(KubernetesClient client, Catalog catalog) {
    this.patch = new SpecPatch(client, catalog);
  }

  public AgentService stop(AgentService service, StopRequest request) {
    return patch.apply(
        service,
        current -> {
          if (current.getSpec().desiredState() == DesiredState.STOPPED) {
            return Optional.empty();
          }
          current.setSpec(
              current
                  .getSpec()
                  .withDesiredState(DesiredState.STOPPED)
                  .withStopReason(request.reason()));
          return Optional.of(current);
        });
  }
}
