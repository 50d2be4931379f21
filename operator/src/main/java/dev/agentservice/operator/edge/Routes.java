package dev.agentservice.operator.edge;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;

/**
 * The services' routes, watched and written.
 *
 * @param <R> the kind that the installation chose
 */
public final class Routes<R extends HasMetadata> {

  private final Class<R> kind;
  private final InformerEventSource<R, AgentService> watched;

  private Routes(Class<R> kind, EventSourceContext<AgentService> context) {
    this.kind = kind;
    watched =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(kind, AgentService.class)
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withSecondaryToPrimaryMapper(Routes::named)
                .build(),
            context);
  }

  /** Empty where the installation makes no routes. */
  public static Optional<Routes<?>> of(
      PublicUrlSettings settings, EventSourceContext<AgentService> context) {
    return switch (settings.mode()) {
      case GATEWAY -> Optional.of(new Routes<>(HTTPRoute.class, context));
      case INGRESS -> Optional.of(new Routes<>(Ingress.class, context));
      case PROXY, NONE -> Optional.empty();
    };
  }

  public EventSource<?, AgentService> source() {
    return watched;
  }

  /** The service's own. */
  public Optional<HasMetadata> of(AgentService service) {
    var metadata = service.getMetadata();
    return watched
        .get(new ResourceID(metadata.getName(), metadata.getNamespace()))
        .filter(route -> route.hasOwnerReferenceFor(service))
        .map(HasMetadata.class::cast);
  }

  /** Makes it, or makes it as it should be; empty where its name is taken by somebody else's. */
  public Optional<HasMetadata> put(
      HasMetadata wanted, AgentService service, Context<AgentService> context) {
    var route = kind.cast(wanted);
    try {
      return Optional.of(context.resourceOperations().create(route, watched));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      var existing = context.getClient().resource(route).get();
      if (existing == null) { // gone meanwhile: the pass is made again
        throw e;
      }
      if (!existing.hasOwnerReferenceFor(service)) {
        return Optional.empty();
      }
      route.getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
      return Optional.of(context.resourceOperations().update(route, watched));
    }
  }

  private static Set<ResourceID> named(HasMetadata route) {
    var name = route.getMetadata().getLabels().get(Names.SERVICE_LABEL);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, route.getMetadata().getNamespace()));
  }
}
