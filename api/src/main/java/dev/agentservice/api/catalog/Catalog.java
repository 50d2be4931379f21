package dev.agentservice.api.catalog;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.PublicHost;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The three kinds, as all calls read them. */
public final class Catalog implements AutoCloseable {

  private static final String ID_PREFIX = "adsvc_";
  private static final Pattern ID = Pattern.compile(ID_PREFIX + "[a-z2-7]{13}");

  private final Watched<AgentDeployment> deployments;
  private final Watched<AgentVersion> versions;
  private final Watched<AgentService> services;

  /**
   * Begins to watch.
   *
   * @param namespaces those to serve; empty: all
   * @param publicDomain below which services have their hosts; empty: they have none
   */
  public Catalog(KubernetesClient client, Set<String> namespaces, Optional<String> publicDomain) {
    deployments = new Watched<>(client, AgentDeployment.class, namespaces, _ -> "", null);
    versions =
        new Watched<>(
            client,
            AgentVersion.class,
            namespaces,
            version -> version.getSpec().deployment(),
            null);
    services =
        new Watched<>(
            client,
            AgentService.class,
            namespaces,
            service -> service.getSpec().deployment(),
            publicDomain
                .<Function<AgentService, String>>map(
                    domain -> service -> PublicHost.of(service.getMetadata().getUid(), domain))
                .orElse(null));
  }

  /** Whether all that existed at the start is known. */
  public boolean hasSynced() {
    return deployments.hasSynced() && versions.hasSynced() && services.hasSynced();
  }

  public Optional<AgentDeployment> deployment(String namespace, String name) {
    return deployments.get(namespace, name);
  }

  public List<AgentDeployment> deployments(String namespace) {
    return deployments.inGroup(namespace, "");
  }

  public Optional<AgentVersion> version(String namespace, String name) {
    return versions.get(namespace, name);
  }

  public List<AgentVersion> versions(String namespace, String deployment) {
    return versions.inGroup(namespace, deployment);
  }

  public List<AgentService> services(String namespace, String deployment) {
    return services.inGroup(namespace, deployment);
  }

  /** The deployment's service of that id, whoever made it. */
  public Optional<AgentService> service(String namespace, String deployment, String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    // the name where this API chose it; else the id was made of the UID, and only a search finds it
    var name = AgentService.API_NAME_PREFIX + id.substring(ID_PREFIX.length());
    return services
        .known(namespace, name)
        .or(
            () ->
                services.inGroup(namespace, deployment).stream()
                    .filter(service -> service.id().equals(id))
                    .findAny())
        .or(() -> services.live(namespace, name))
        .filter(service -> service.getSpec().deployment().equals(deployment));
  }

  /** Those whose own public host it is, of any namespace, as the watch tells. */
  public List<AgentService> servicesAt(String publicHost) {
    return services.at(publicHost);
  }

  /** As this replica knows it. */
  public Optional<AgentDeployment> knownDeployment(String namespace, String name) {
    return deployments.known(namespace, name);
  }

  /** As this replica knows it. */
  public Optional<AgentVersion> knownVersion(String namespace, String name) {
    return versions.known(namespace, name);
  }

  /** As this replica knows it. */
  public Optional<AgentService> knownService(String namespace, String name) {
    return services.known(namespace, name);
  }

  /** As the API server has it now. */
  public Optional<AgentService> liveService(String namespace, String name) {
    return services.live(namespace, name);
  }

  /** Remembers what this replica just wrote, as the API server answered it. */
  public AgentService wrote(AgentService service) {
    return services.wrote(service);
  }

  @Override
  public void close() {
    deployments.close();
    versions.close();
    services.close();
  }
}
