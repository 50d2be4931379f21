package dev.agentservice.operator.edge;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.PublicHost;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/**
 * What a route leads to.
 *
 * @param metadata the route's own
 * @param host where it begins
 * @param service the Service where it ends, in the route's namespace
 */
public record RouteTarget(ObjectMeta metadata, String host, String service, int port) {

  /** The name of the sentinel's route, and what its host derives from. */
  static final String SENTINEL = "agentservice-sentinel";

  /** A service's: it has its name, and goes with it. */
  public static RouteTarget of(AgentService service, PublicUrlSettings settings) {
    var metadata = service.getMetadata();
    return new RouteTarget(
        new ObjectMetaBuilder()
            .withNamespace(metadata.getNamespace())
            .withName(metadata.getName())
            .addToLabels(Names.SERVICE_UID_LABEL, metadata.getUid())
            .addToLabels(Names.SERVICE_LABEL, metadata.getName())
            .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
            .withOwnerReferences(service.ownerReference())
            .build(),
        PublicHost.of(metadata.getUid(), settings.domain()),
        metadata.getName(),
        service.getStatus().port());
  }

  /** That of nobody: whoever gets through to it has found that nobody is refused. */
  static RouteTarget sentinel(String namespace, PublicUrlSettings settings) {
    return new RouteTarget(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(SENTINEL)
            .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
            .build(),
        PublicHost.of(SENTINEL + "/" + namespace, settings.domain()),
        settings.sentinel().service(),
        settings.sentinel().servicePort());
  }
}
