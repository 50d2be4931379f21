package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.failed;
import static dev.agentservice.operator.service.Situation.ready;
import static dev.agentservice.operator.service.Situation.starting;
import static dev.agentservice.operator.service.Situation.stopped;
import static dev.agentservice.operator.service.Situation.unhealthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.edge.Protection;
import dev.agentservice.operator.edge.Protection.Answer;
import dev.agentservice.operator.edge.PublicUrlSettings;
import dev.agentservice.operator.edge.SampleUrls;
import dev.agentservice.v1alpha1.PublicHost;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When there is a public route, a URL in status, and what is said where there is none. */
class PublicUrlTest {

  private static final PublicUrlSettings GATEWAY = SampleUrls.of(SampleUrls.GATEWAY);
  private static final PublicUrlSettings PROXY = SampleUrls.of(SampleUrls.PROXY);
  private static final Protection PROVEN = Protection.NOT_ASKED.after(new Answer.Status(401));
  private static final Protection OPEN = Protection.NOT_ASKED.after(new Answer.Status(200));

  static Stream<Arguments> situations() {
    return Stream.of(
        arguments("no public URLs here", ready(), "", "none"),
        arguments("ready", ready().publicUrl(GATEWAY, PROVEN), "PutRoute shop", "none yet"),
        arguments("ready and routed", routed(ready()), "", "url"),
        arguments("ready, by a proxy", ready().publicUrl(PROXY, PROVEN), "", "url"),
        arguments(
            "ready, by a proxy that lets all in",
            ready().publicUrl(PROXY, OPEN),
            "",
            "PublicUrlUnprotected NotRefused"),
        arguments(
            "route changed by hand",
            ready().publicUrl(GATEWAY, PROVEN).routed(PublicUrlTest::toAnotherHost),
            "PutRoute shop",
            "none yet"),
        arguments("not permitted", ready().publicUrl(GATEWAY, PROVEN).notPermitted(), "", "none"),
        arguments(
            "permission taken away", routed(ready()).notPermitted(), "RemoveRoute shop", "none"),
        arguments(
            "not asked yet",
            ready().publicUrl(GATEWAY, Protection.NOT_ASKED),
            "",
            "PublicUrlUnprotected NotAsked"),
        arguments(
            "protection taken away",
            ready().publicUrl(GATEWAY, OPEN).routed(UnaryOperator.identity()),
            "RemoveRoute shop",
            "PublicUrlUnprotected NotRefused"),
        arguments(
            "refused by the API server",
            ready().publicUrl(GATEWAY, PROVEN).routeRefused(403),
            "PutRoute shop",
            "PublicUrlRefused RouteRefused"),
        arguments(
            "a foreign route of that name",
            ready().publicUrl(GATEWAY, PROVEN).routeRefused(409),
            "PutRoute shop",
            "PublicUrlRefused NameConflict"),
        arguments("starting", starting().publicUrl(GATEWAY, PROVEN), "", "none"),
        arguments("starting, unprotected", starting().publicUrl(GATEWAY, OPEN), "", "none"),
        arguments("probe fails", routed(ready().probeFails()), "RemoveRoute shop", "none"),
        arguments("unhealthy", routed(unhealthy()), "RemoveRoute shop", "none"),
        arguments("asked to stop", routed(ready().stop()), "RemoveRoute shop", "none"),
        arguments("stopped", routed(stopped()), "RemoveRoute shop", "none"),
        arguments("failed", routed(failed(Reason.EXITED)), "RemoveRoute shop", "none"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("situations")
  void comesAndGoesWithTheAgent(String what, Situation situation, String routes, String told) {
    var status = ServiceStatus.of(situation.seen());

    assertThat(situation.plan().stream().filter(action -> action.contains("Route")))
        .isEqualTo(routes.isEmpty() ? List.of() : List.of(routes));
    assertThat(status.publicUrl())
        .isEqualTo(told.equals("url") ? "https://" + host(situation) + "/" : null);
    assertThat(
            status.conditions().stream()
                .filter(condition -> condition.getType().startsWith("PublicUrl"))
                .map(condition -> condition.getType() + " " + condition.getReason()))
        .isEqualTo(told.startsWith("PublicUrl") ? List.of(told) : List.of());
  }

  @Test
  void isClosedBeforeTheAgentGoes() {
    assertThat(routed(ready().stop()).plan())
        .containsSubsequence("RemoveRoute shop", "RemoveSandbox 2");
  }

  @Test
  void costsNothingAtRest() {
    var settled = routed(ready());
    var reported =
        new Situation(
            settled
                .seen()
                .withService(
                    ServiceStatus.withStatus(
                        settled.seen().service(), ServiceStatus.of(settled.seen()))));

    assertThat(reported.at(3_600).plan()).isEmpty();
    assertThat(ServiceStatus.of(reported.at(3_600).seen()))
        .isSameAs(reported.seen().service().getStatus());
    assertThat(Clocks.untilNextLook(reported.seen(), Rules.verdict(reported.seen()))).isEmpty();
  }

  @Test
  void leavesReadyAlone() {
    var conditions = ServiceStatus.of(ready().publicUrl(GATEWAY, OPEN).seen()).conditions();

    assertThat(ConditionWriter.isTrue(conditions, ConditionWriter.READY)).isTrue();
  }

  private static Situation routed(Situation situation) {
    return situation.publicUrl(GATEWAY, PROVEN).routed(UnaryOperator.identity());
  }

  private static HasMetadata toAnotherHost(HasMetadata route) {
    ((HTTPRoute) route).getSpec().setHostnames(List.of("evil.example"));
    return route;
  }

  private static String host(Situation situation) {
    return PublicHost.of(situation.seen().service().getMetadata().getUid(), "agents.example.com");
  }
}
