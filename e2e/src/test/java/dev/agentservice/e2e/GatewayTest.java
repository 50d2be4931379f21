package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentservice.e2e.Gateway.Kind;
import dev.agentservice.e2e.GatewayCaller.Answer;
import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.v1alpha1.PermissionsBuilder;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Public URLs through nginx and through Caddy, as their examples configure them. There is no
 * ingress controller on our node: the gateway runs on this machine, in front of the cluster's
 * Services.
 */
@Isolated
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GatewayTest {

  /** This machine, as pods reach it. */
  private static final String GATEWAY = "198.51.100.1:" + Gateway.PORT;

  private static Tenant one;
  private static Tenant two;
  private static PublicService shop;
  private static PublicService sibling;
  private static PublicService namesake;

  @BeforeAll
  static void install() {
    Node.assumeOurs("public URLs through nginx and Caddy");
    upgrade(
        "--set publicUrl.mode=proxy,publicUrl.domain=%s,publicUrl.port=%d"
                .formatted(Gateway.DOMAIN, Gateway.PORT)
            + " --set publicUrl.sentinel.address=%s,publicUrl.sentinel.verifyTls=false"
                .formatted(GATEWAY));
    one = Tenant.create();
    two = Tenant.create();
    var user = one.caller("agentservice-api-user");
    shop = serve(one, user, "shop");
    sibling = serve(one, user, "desk");
    namesake = serve(two, two.caller("agentservice-api-user"), "shop");
  }

  @AfterAll
  static void putBack() {
    if (one != null) {
      one.close();
      two.close();
      upgrade("--set publicUrl.mode=none");
    }
  }

  private static void upgrade(String values) {
    Cluster.bash(
        "../tools/helm.sh upgrade agentservice ../helm/agentservice -n agentservice-system"
            + " --reuse-values --force-conflicts --wait --timeout 4m %s >/dev/null 2>&1"
                .formatted(values));
  }

  private static PublicService serve(Tenant tenant, ApiCaller user, String name) {
    if (tenant.services().isEmpty()) {
      tenant.applyDeployment(template -> template.withArgs(List.of("--debug")));
      tenant.editDeployment(
          spec -> spec.withPermissions(PermissionsBuilder.builder().publicUrl(true).build()));
    }
    tenant.applyService(name, spec -> spec);
    tenant.awaitReady(name);
    return new PublicService(tenant, name, user);
  }

  @Test
  @Order(1)
  void aGatewayThatAsksNobodyGetsNoUrl() {
    try (var _ = Gateway.start(Kind.NGINX, GatewayTest::thatAsksNobody)) {
      one.await(
          "shop",
          service -> {
            assertThat(service.getStatus().publicUrl()).isNull();
            assertThat(service.getStatus().conditions())
                .extracting(Condition::getType, Condition::getReason)
                .contains(tuple("PublicUrlUnprotected", "NotRefused"));
          });
    }
  }

  /** Nor does it know then where to go, so it goes to one place. */
  private static String thatAsksNobody(String file) {
    return file.replace("auth_request /edge", "# ")
        .replace("http://$agent.cluster.local:$agent_port", "http://edge");
  }

  @ParameterizedTest
  @EnumSource
  @Order(2)
  void letsInWhoMayComeAndNobodyElse(Kind kind) {
    try (var gateway = Gateway.start(kind)) {
      Stream.of(shop, sibling, namesake).forEach(PublicService::awaitUrl);
      assertThat(shop.host()).isNotEqualTo(namesake.host());

      var softly = new SoftAssertions();
      Visits.of(shop, sibling, namesake)
          .forEach(
              visit -> {
                var answer = GatewayCaller.send(visit.server(), visit.head());
                softly
                    .assertThat(visit.outcomes())
                    .as(visit.what() + ": " + answer.body())
                    .contains(answer.status() + " " + answer.reason());
              });
      softly.assertAll();

      noByteOfATokenCanBeAnother();
      theAgentSeesNoToken();
      aLinkLeadsToItsOwnHostAlone();
      aWebSocketOpensForItsOwnPageAlone();
      revokedLinksAreRefused();
      nobodyKeptAToken(gateway.said());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Order(3)
  void aBrowserOpensALinkAndASiblingsPageCannotUseItsCookie(Kind kind) throws IOException {
    try (var gateway = Gateway.start(kind);
        var browser = new Browser(Gateway.DOMAIN)) {
      Stream.of(shop, sibling).forEach(PublicService::awaitUrl);

      browser.open(shop.url().replace("/?", "/page?"));
      browser.awaitPage("location.href", shop.origin() + "/page");
      browser.awaitPage("document.getElementById('socket').textContent", "connected");
      browser.awaitPage("document.getElementById('answer').textContent", "6 * 7 = 42");
      assertThat(browser.evaluate("document.cookie")).as("no script reads it").isEmpty();
      browser.screenshot(Repository.STATE.resolve("public-url-%s.png".formatted(kind)));

      browser.open(sibling.url().replace("/?", "/page?"));
      browser.awaitPage("location.href", sibling.origin() + "/page");
      assertThat(
              browser.promised(
                  """
                  new Promise(done => {
                    const socket = new WebSocket('wss://%s/socket');
                    socket.onmessage = () => done('connected');
                    socket.onerror = () => done('refused');
                  })"""
                      .formatted(authority(shop))))
          .isEqualTo("refused");
      browser.promised(
          "fetch('https://%s/ask', {method: 'POST', mode: 'no-cors', credentials: 'include'}).then(() => 'sent')"
              .formatted(authority(shop)));
      Tenant.patiently()
          .untilAsserted(
              () ->
                  assertThat(gateway.said().lines())
                      .anyMatch(line -> isRefused(line, "POST", "/ask"))
                      .anyMatch(line -> isRefused(line, "GET", "/socket")));

      nobodyKeptAToken(gateway.said());
    }
  }

  @Test
  @Order(4)
  void theRingTurnsUnderTraffic() {
    try (var _ = Gateway.start(Kind.NGINX)) {
      shop.awaitUrl();
      var edge = Gateway.service("agentservice-system", "agentservice-edge");
      var traffic = new RotationTraffic(shop, edge);
      var newKey = PublicService.addKey();
      traffic.run(10_000, 1_000, newKey);
      System.out.println("rotation: " + traffic);
      assertThat(traffic.refusals()).isEmpty();
    }
  }

  /** As either gateway's log tells that a sibling's page was not heard. */
  private static boolean isRefused(String line, String method, String path) {
    return line.contains(shop.host())
        && line.contains(method)
        && line.contains(path)
        && (line.contains(" 403 foreign_origin") || line.contains("\"status\":403"));
  }

  private static String authority(PublicService service) {
    return service.host() + ":" + Gateway.PORT;
  }

  private static void noByteOfATokenCanBeAnother() {
    var token = shop.token();
    for (var at = 0; at < token.length(); at++) {
      var tampered =
          token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
      var answer =
          GatewayCaller.send(shop.host(), shop.request("GET", "/", "X-Edge-Token: " + tampered));
      assertThat(answer.status()).as(answer.reason()).isEqualTo(401);
    }
  }

  private static void theAgentSeesNoToken() {
    var session = shop.session();
    var token = shop.token();
    var answer =
        GatewayCaller.send(
            shop.host(),
            shop.request(
                "GET",
                "/debug/request?a=b",
                "Cookie: first=1; " + session + "; last=2",
                "X-Edge-Token: " + token));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("first=1; last=2")
        .contains("/debug/request?a=b")
        .doesNotContain(token)
        .doesNotContain(session.split("=", 2)[1])
        .doesNotContainIgnoringCase("X-Edge-Token");
  }

  private static void aLinkLeadsToItsOwnHostAlone() {
    for (var path :
        List.of("/", "/chat", "//evil.example/", "/\\evil.example", "///", "/%2f%2fevil")) {
      var opened =
          GatewayCaller.send(
              shop.host(), shop.request("GET", path + "?edge_token=" + shop.token()));
      if (opened.status() == 303) {
        assertThat(opened.headers().get("location"))
            .startsWith(shop.origin() + "/")
            .doesNotStartWith(shop.origin() + "//")
            .doesNotContain("edge_token");
        assertThat(opened.headers().get("referrer-policy")).isEqualTo("no-referrer");
        assertThat(opened.headers().get("cache-control")).isEqualTo("no-store");
      } else {
        assertThat(opened.status()).as(path).isEqualTo(400);
      }
    }
  }

  private static void aWebSocketOpensForItsOwnPageAlone() {
    assertThat(webSocket(shop.origin()).status()).isEqualTo(101);
    assertThat(webSocket(shop.origin()).body()).endsWith("connected");
    assertThat(webSocket(sibling.origin()).reason()).isEqualTo("foreign_origin");
    assertThat(webSocket(sibling.origin()).status()).isEqualTo(403);
  }

  private static Answer webSocket(String origin) {
    return GatewayCaller.send(
        shop.host(),
        "GET /socket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                .formatted(shop.host())
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Origin: %s\r\nCookie: %s".formatted(origin, shop.session()));
  }

  private static void revokedLinksAreRefused() {
    var link = "/?edge_token=" + sibling.token();
    var session = sibling.session();
    sibling.revoke();
    Tenant.patiently()
        .untilAsserted(
            () -> {
              for (var head :
                  List.of(
                      sibling.request("GET", link),
                      sibling.request("GET", "/", "Cookie: " + session))) {
                var answer = GatewayCaller.send(sibling.host(), head);
                assertThat(answer.status() + " " + answer.reason()).isEqualTo("403 revoked");
              }
            });
    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(
                        GatewayCaller.send(
                                sibling.host(),
                                sibling.request("GET", "/", "X-Edge-Token: " + sibling.token()))
                            .status())
                    .isEqualTo(200));
  }

  private static void nobodyKeptAToken(String gatewaysLogs) {
    var places =
        Stream.of(gatewaysLogs, Cluster.log("operator"), Cluster.log("api"), Cluster.everyObject());
    places.forEach(GatewayTest::hasNoToken);
    try {
      for (var file : Node.files("log")) {
        hasNoToken(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void hasNoToken(String text) {
    assertThat(PublicService.TOKENS).isNotEmpty().noneMatch(text::contains);
  }
}
