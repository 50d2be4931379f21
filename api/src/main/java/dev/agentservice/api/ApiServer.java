package dev.agentservice.api;

import dev.agentservice.api.auth.Authentication;
import dev.agentservice.api.auth.Authorization;
import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.deployment.DeploymentRoutes;
import dev.agentservice.api.edge.Edge;
import dev.agentservice.api.edge.EdgeRoutes;
import dev.agentservice.api.http.Gate;
import dev.agentservice.api.http.Listener;
import dev.agentservice.api.keys.InstallationKeys;
import dev.agentservice.api.log.LogRoutes;
import dev.agentservice.api.openapi.OpenApiRoutes;
import dev.agentservice.api.service.CreateRate;
import dev.agentservice.api.service.Creation;
import dev.agentservice.api.service.Restart;
import dev.agentservice.api.service.ServiceRoutes;
import dev.agentservice.api.service.Services;
import dev.agentservice.api.service.Steps;
import dev.agentservice.api.service.Stop;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.Optional;

/** The HTTP API as one replica: what it is made of. */
public final class ApiServer implements AutoCloseable {

  private static final String FINGERPRINT_KEYS = "agentservice-api-fingerprint-keys";
  private static final String SIGNING_KEYS = "agentservice-api-signing-keys";
  private static final String PREFIX = "/v1/agent-deployments";

  private final Catalog catalog;
  private final Optional<Edge> edge;
  private final Listener listener;

  /** Begins to watch and to answer. */
  public ApiServer(Settings settings, KubernetesClient client, Clock clock, Steps steps) {
    catalog =
        new Catalog(
            client,
            settings.watchNamespaces(),
            settings.publicUrls().map(Settings.PublicUrls::domain));
    edge =
        settings
            .publicUrls()
            .map(
                urls ->
                    new Edge(
                        urls,
                        catalog,
                        new InstallationKeys(client, settings.namespace(), SIGNING_KEYS, clock),
                        client,
                        settings.watchNamespaces(),
                        clock));
    var gate =
        new Gate(
            new Authentication(client, settings.audience(), clock),
            new Authorization(client),
            settings.watchNamespaces(),
            settings.requestsAtOnce());
    var keys = new InstallationKeys(client, settings.namespace(), FINGERPRINT_KEYS, clock);
    var services = new Services(catalog, service -> edge.flatMap(urls -> urls.signedUrl(service)));
    listener =
        new Listener(
            settings,
            catalog::hasSynced,
            routing ->
                routing
                    .register(new OpenApiRoutes())
                    .register(
                        PREFIX,
                        new DeploymentRoutes(gate, catalog),
                        new ServiceRoutes(
                            gate,
                            catalog,
                            services,
                            new Creation(client, catalog, keys, steps),
                            new Stop(client, catalog),
                            new Restart(client, catalog, keys, steps),
                            new CreateRate(settings.createsPerSecond())),
                        new LogRoutes(gate, services, client)),
            edge.map(
                urls ->
                    (routing, metrics) ->
                        routing.register("/edge", new EdgeRoutes(urls, metrics))));
  }

  /** Where gateways ask, if there are public URLs. */
  public int edgePort() {
    return listener.edgePort();
  }

  /** Where the API answers. */
  public int port() {
    return listener.port();
  }

  /** Where health and metrics answer. */
  public int healthPort() {
    return listener.healthPort();
  }

  /** Ends what is being answered in good order, then everything. */
  @Override
  public void close() {
    listener.close();
    edge.ifPresent(Edge::close);
    catalog.close();
  }
}
