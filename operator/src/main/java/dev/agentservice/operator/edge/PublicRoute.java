package dev.agentservice.operator.edge;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteFilter;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteFilterBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReferenceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A route as the installation wants it, for a service or for the sentinel: both are built here, so
 * that what protects the one protects the other. What the API server would add is there already, so
 * that a route can be compared with what became of it.
 */
public final class PublicRoute {

  /** By which programs bring their token: it is no business of the agent. */
  private static final String TOKEN_HEADER = "X-Edge-Token";

  private PublicRoute() {}

  /** Empty where there is none to make. */
  public static Optional<HasMetadata> of(RouteTarget target, PublicUrlSettings settings) {
    return switch (settings.mode()) {
      case GATEWAY -> Optional.of(httpRoute(target, settings.gateway()));
      case INGRESS -> Optional.of(ingress(target, settings.ingress()));
      case PROXY, NONE -> Optional.empty();
    };
  }

  /** Whether {@code there} does what {@code wanted} would. */
  public static boolean isAs(HasMetadata wanted, HasMetadata there) {
    return switch (wanted) {
      case HTTPRoute route -> there instanceof HTTPRoute is && route.getSpec().equals(is.getSpec());
      case Ingress ingress ->
          there instanceof Ingress is
              && ingress.getSpec().equals(is.getSpec())
              && is.getMetadata()
                  .getAnnotations()
                  .entrySet()
                  .containsAll(ingress.getMetadata().getAnnotations().entrySet());
      default -> false;
    };
  }

  private static HTTPRoute httpRoute(RouteTarget target, PublicUrlSettings.Gateway gateway) {
    return new HTTPRouteBuilder()
        .withMetadata(target.metadata())
        .withNewSpec()
        .withParentRefs(gateway.parentRefs().stream().map(PublicRoute::complete).toList())
        .withHostnames(target.host())
        .addNewRule()
        .addNewMatch()
        .withNewPath("PathPrefix", "/")
        .endMatch()
        .withFilters(filters(gateway))
        .addNewBackendRef()
        .withGroup("")
        .withKind("Service")
        .withName(target.service())
        .withPort(target.port())
        .withWeight(1)
        .endBackendRef()
        .endRule()
        .endSpec()
        .build();
  }

  private static ParentReference complete(ParentReference given) {
    return new ParentReferenceBuilder(given)
        .withGroup(given.getGroup() == null ? "gateway.networking.k8s.io" : given.getGroup())
        .withKind(given.getKind() == null ? "Gateway" : given.getKind())
        .build();
  }

  private static List<HTTPRouteFilter> filters(PublicUrlSettings.Gateway gateway) {
    var extensions =
        gateway.extensionRefs().stream()
            .map(
                ref ->
                    new HTTPRouteFilterBuilder()
                        .withType("ExtensionRef")
                        .withNewExtensionRef(ref.group(), ref.kind(), ref.name())
                        .build());
    var strip =
        new HTTPRouteFilterBuilder()
            .withType("RequestHeaderModifier")
            .withNewRequestHeaderModifier()
            .withRemove(TOKEN_HEADER)
            .endRequestHeaderModifier()
            .build();
    return Stream.concat(extensions, Stream.of(strip)).toList();
  }

  private static Ingress ingress(RouteTarget target, PublicUrlSettings.Ingress wanted) {
    var ingress =
        new IngressBuilder()
            .withMetadata(target.metadata())
            .editMetadata()
            .addToAnnotations(wanted.annotations())
            .endMetadata()
            .withNewSpec()
            .withIngressClassName(wanted.className().isEmpty() ? null : wanted.className())
            .addNewRule()
            .withHost(target.host())
            .withNewHttp()
            .addNewPath()
            .withPath("/")
            .withPathType("Prefix")
            .withNewBackend()
            .withNewService()
            .withName(target.service())
            .withNewPort()
            .withNumber(target.port())
            .endPort()
            .endService()
            .endBackend()
            .endPath()
            .endHttp()
            .endRule();
    return (wanted.tlsSecretName().isEmpty()
            ? ingress
            : ingress
                .addNewTl()
                .withHosts(target.host())
                .withSecretName(wanted.tlsSecretName())
                .endTl())
        .endSpec()
        .build();
  }
}
