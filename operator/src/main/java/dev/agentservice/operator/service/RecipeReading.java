package dev.agentservice.operator.service;

import dev.agentservice.operator.recipe.Provenance;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Which recipe a service starts from, read from the caches wherever they cannot be too old. */
final class RecipeReading {

  private final ServiceCaches caches;
  private final KubernetesClient client;

  RecipeReading(ServiceCaches caches, KubernetesClient client) {
    this.caches = caches;
    this.client = client;
  }

  /** The recipe that a service has, or gets if it starts now. */
  Recipe of(AgentService service, Optional<AgentDeployment> deployment) {
    var resolved = Observation.statusOf(service).versionId();
    var name = service.getSpec().deployment();
    if (deployment.isEmpty()) {
      return new Recipe.Unavailable(Reason.DEPLOYMENT_NOT_FOUND, name);
    }
    if (resolved != null) {
      return recipe(service, deployment.get(), resolved);
    }
    if (Boolean.TRUE.equals(deployment.get().getSpec().suspended())) {
      return new Recipe.Unavailable(Reason.DEPLOYMENT_SUSPENDED, name);
    }
    if (service.getSpec().version() != null) {
      return recipe(service, deployment.get(), service.getSpec().version());
    }
    if (!isObserved(deployment.get())) {
      return new Recipe.Unavailable(Reason.DEPLOYMENT_PENDING, name);
    }
    var active = deployment.get().getStatus().activeVersion();
    if (active == null) {
      return new Recipe.Unavailable(Reason.DEPLOYMENT_NOT_READY, name);
    }
    return caches.version(service, active).isEmpty() // the two caches need not be equally fresh
            || !isLatest(deployment.get(), service)
        ? new Recipe.Unavailable(Reason.DEPLOYMENT_PENDING, name)
        : recipe(service, deployment.get(), active);
  }

  /** A cache can lag; that a deployment is gone ends its services, so it is confirmed. */
  boolean isGone(AgentService service) {
    return liveDeployment(service) == null;
  }

  /**
   * A service is resolved once and for good, and may be known before a change of its deployment
   * that came before it: one commit in Git can bring both.
   */
  private boolean isLatest(AgentDeployment deployment, AgentService service) {
    var live = liveDeployment(service);
    return live != null
        && live.getMetadata().getUid().equals(deployment.getMetadata().getUid())
        && live.getMetadata().getGeneration().equals(deployment.getMetadata().getGeneration());
  }

  private AgentDeployment liveDeployment(AgentService service) {
    return client
        .resources(AgentDeployment.class)
        .inNamespace(service.getMetadata().getNamespace())
        .withName(service.getSpec().deployment())
        .get();
  }

  private static boolean isObserved(AgentDeployment deployment) {
    var status = deployment.getStatus();
    return status != null
        && deployment.getMetadata().getGeneration().equals(status.observedGeneration());
  }

  private Recipe recipe(AgentService service, AgentDeployment deployment, String versionName) {
    Optional<AgentVersion> version = caches.version(service, versionName);
    if (version.isEmpty()) {
      return new Recipe.Unavailable(Reason.VERSION_NOT_FOUND, versionName);
    }
    return Provenance.of(version.get(), deployment) == Provenance.GENUINE
        ? new Recipe.Found(
            deployment.getMetadata().getName(), versionName, version.get().getSpec().template())
        : new Recipe.Unavailable(Reason.VERSION_MISMATCH, versionName);
  }
}
