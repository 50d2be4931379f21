package dev.agentservice.operator.edge;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Permissions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What an installation with public URLs has for its services. */
public final class PublicUrls implements AutoCloseable {

  private final PublicUrlSettings settings;
  private final Sentinel sentinel;

  /**
   * Does nothing before {@link #start}.
   *
   * @param namespace the operator's own
   */
  public PublicUrls(PublicUrlSettings settings, String namespace, KubernetesClient client) {
    this.settings = settings;
    sentinel = new Sentinel(settings, namespace, client);
  }

  /** To be called once this operator is the one that works. */
  public void start() {
    sentinel.start();
  }

  /** The routes, where this installation makes any. */
  public Optional<Routes<?>> watch(EventSourceContext<AgentService> context) {
    return Routes.of(settings, context);
  }

  /** Makes services be looked at again when the gateway's protection is found to be another. */
  public EventSource<?, AgentService> news(Supplier<Stream<ResourceID>> concerned) {
    var news = new SimpleInboundEventSource<AgentService>("public-url-protection");
    sentinel.onChange(() -> concerned.get().forEach(news::propagateEvent));
    return news;
  }

  public PublicAccess access(Optional<Permissions> permissions, Optional<HasMetadata> route) {
    var permitted = permissions.filter(given -> Boolean.TRUE.equals(given.publicUrl())).isPresent();
    return new PublicAccess(settings, permitted, sentinel.protection(), route);
  }

  @Override
  public void close() {
    sentinel.close();
  }
}
