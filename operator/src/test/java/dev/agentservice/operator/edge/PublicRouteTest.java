package dev.agentservice.operator.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.PublicHost;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import org.junit.jupiter.api.Test;

class PublicRouteTest {

  private static final String UID = "7a1c3b1e-0000-4000-8000-000000000001";
  private static final String HOST = PublicHost.of(UID, "agents.example.com");

  @Test
  void anHttpRouteLeadsFromTheHostToTheService() {
    var route = (HTTPRoute) route(SampleUrls.GATEWAY);

    assertThat(route.getMetadata().getName()).isEqualTo("shop");
    assertThat(route.getMetadata().getOwnerReferences())
        .singleElement()
        .matches(owner -> owner.getUid().equals(UID));
    assertThat(route.getSpec().getHostnames()).containsExactly(HOST);
    assertThat(route.getSpec().getParentRefs())
        .singleElement()
        .matches(
            parent -> parent.getName().equals("public") && parent.getSectionName().equals("https"));
    assertThat(route.getSpec().getRules())
        .singleElement()
        .satisfies(
            rule -> {
              assertThat(rule.getBackendRefs())
                  .singleElement()
                  .matches(to -> to.getName().equals("shop") && to.getPort() == 8080);
              assertThat(rule.getFilters())
                  .extracting(filter -> filter.getType())
                  .as("asked before it is changed")
                  .containsExactly("ExtensionRef", "RequestHeaderModifier");
            });
  }

  @Test
  void anIngressLeadsFromTheHostToTheService() {
    var ingress = (Ingress) route(SampleUrls.INGRESS);

    assertThat(ingress.getMetadata().getAnnotations()).containsEntry("auth-url", "http://edge/");
    assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("nginx");
    assertThat(ingress.getSpec().getTls())
        .singleElement()
        .matches(tls -> tls.getSecretName().equals("tls") && tls.getHosts().contains(HOST));
    assertThat(ingress.getSpec().getRules())
        .singleElement()
        .matches(rule -> rule.getHost().equals(HOST));
  }

  @Test
  void aProxyNeedsNone() {
    assertThat(PublicRoute.of(target(SampleUrls.PROXY), SampleUrls.of(SampleUrls.PROXY))).isEmpty();
  }

  /** Whatever stands between a caller and a service stands before the sentinel too. */
  @Test
  void theSentinelsRouteDiffersInWhereItLeadsAlone() {
    var settings = SampleUrls.of(SampleUrls.GATEWAY);
    var sentinel =
        (HTTPRoute)
            PublicRoute.of(RouteTarget.sentinel("operators", settings), settings).orElseThrow();
    var service = (HTTPRoute) route(SampleUrls.GATEWAY);

    assertThat(sentinel.getSpec().getHostnames()).isNotEqualTo(service.getSpec().getHostnames());
    sentinel.getSpec().setHostnames(service.getSpec().getHostnames());
    sentinel
        .getSpec()
        .getRules()
        .getFirst()
        .setBackendRefs(service.getSpec().getRules().getFirst().getBackendRefs());
    assertThat(sentinel.getSpec()).isEqualTo(service.getSpec());
  }

  private static Object route(String json) {
    return PublicRoute.of(target(json), SampleUrls.of(json)).orElseThrow();
  }

  private static RouteTarget target(String json) {
    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder().withNamespace("tenant").withName("shop").withUid(UID).build());
    service.setStatus(AgentServiceStatusBuilder.builder().port(8080).build());
    return RouteTarget.of(service, SampleUrls.of(json));
  }
}
