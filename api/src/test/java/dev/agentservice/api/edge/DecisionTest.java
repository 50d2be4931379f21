package dev.agentservice.api.edge;

import static dev.agentservice.api.edge.EdgeReason.AMBIGUOUS_REQUEST;
import static dev.agentservice.api.edge.EdgeReason.AMBIGUOUS_TOKEN;
import static dev.agentservice.api.edge.EdgeReason.BAD_SIGNATURE;
import static dev.agentservice.api.edge.EdgeReason.EXPIRED;
import static dev.agentservice.api.edge.EdgeReason.FOREIGN_ORIGIN;
import static dev.agentservice.api.edge.EdgeReason.MALFORMED_TOKEN;
import static dev.agentservice.api.edge.EdgeReason.NOT_KNOWN_NOW;
import static dev.agentservice.api.edge.EdgeReason.NOT_SERVED;
import static dev.agentservice.api.edge.EdgeReason.NO_TOKEN;
import static dev.agentservice.api.edge.EdgeReason.OK;
import static dev.agentservice.api.edge.EdgeReason.OTHER_PORT;
import static dev.agentservice.api.edge.EdgeReason.OTHER_SERVICE;
import static dev.agentservice.api.edge.EdgeReason.REVOKED;
import static dev.agentservice.api.edge.EdgeReason.TOKEN_IN_QUERY;
import static dev.agentservice.api.edge.EdgeReason.UNKNOWN_KEY;
import static dev.agentservice.api.edge.EdgeReason.WRONG_USE;
import static dev.agentservice.api.edge.Visit.ADDRESS;
import static dev.agentservice.api.edge.Visit.KEY;
import static dev.agentservice.api.edge.Visit.KEY_ID;
import static dev.agentservice.api.edge.Visit.SHOP;
import static dev.agentservice.api.edge.Visit.service;
import static dev.agentservice.api.edge.Visit.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.api.edge.Claims.Use;
import dev.agentservice.v1alpha1.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may pass: every rule as a line. */
class DecisionTest {

  private static final String HOST = ADDRESS.hostOf(SHOP);
  private static final String ORIGIN = "https://" + HOST;
  private static final String LINK = token(SHOP, Use.LINK);
  private static final String SESSION = token(SHOP, Use.SESSION);

  private static Visit visit() {
    return Visit.of(SHOP);
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        arguments("nothing", visit(), NO_TOKEN),
        arguments("a session", visit().session(), OK),
        arguments("a program with a link's token", visit().token(LINK), OK),
        arguments("a program with a session's token", visit().token(SESSION), OK),
        arguments("a program that posts", visit().method("POST").token(LINK), OK),
        arguments(
            "a program that posts, from a page elsewhere",
            visit().method("POST").header("Origin", "https://evil.example").token(LINK),
            OK),
        arguments("a link's token as cookie", visit().cookie(LINK), WRONG_USE),
        arguments("an empty cookie", visit().cookie(""), MALFORMED_TOKEN),
        arguments(
            "two cookies",
            visit()
                .header(
                    "Cookie",
                    EdgeRequest.COOKIE + "=" + SESSION + "; " + EdgeRequest.COOKIE + "=" + SESSION),
            AMBIGUOUS_TOKEN),
        arguments(
            "a cookie without its prefix, as a sibling host may set one",
            visit().header("Cookie", "edge_token=" + SESSION),
            NO_TOKEN),
        arguments("two headers", visit().header("X-Edge-Token", LINK, LINK), AMBIGUOUS_TOKEN),
        arguments(
            "a bad header beside a good cookie", visit().session().token("x"), MALFORMED_TOKEN),

        // where it is sent
        arguments("host in capitals", visit().session().host(HOST.toUpperCase(Locale.ROOT)), OK),
        arguments("host with a dot at its end", visit().session().host(HOST + "."), OK),
        arguments("host with a port", visit().session().host(HOST + ":443"), OK),
        arguments("host with dot and port", visit().session().host(HOST + ".:443"), OK),
        arguments("host with two dots", visit().session().host(HOST + ".."), NOT_SERVED),
        arguments(
            "two hosts",
            visit().session().header("X-Forwarded-Host", HOST, HOST),
            AMBIGUOUS_REQUEST),
        arguments("two hosts in one", visit().session().host(HOST + ",evil"), AMBIGUOUS_REQUEST),
        arguments("no host", visit().session().header("X-Forwarded-Host"), AMBIGUOUS_REQUEST),
        arguments("no method", visit().session().header("X-Forwarded-Method"), AMBIGUOUS_REQUEST),
        arguments("no path", visit().session().header("X-Forwarded-Uri"), AMBIGUOUS_REQUEST),
        arguments(
            "two paths", visit().session().header("X-Forwarded-Uri", "/", "/"), AMBIGUOUS_REQUEST),
        arguments("a whole URL as path", visit().session().uri("https://evil/"), AMBIGUOUS_REQUEST),
        arguments("the domain itself", visit().session().host(Visit.DOMAIN), NOT_SERVED),
        arguments("another domain", visit().session().host(HOST + ".evil.example"), NOT_SERVED),

        // what was signed
        arguments("a token of a key that is gone", visit().session().keys(Map.of()), UNKNOWN_KEY),
        arguments(
            "a key of the same id and other bytes",
            visit()
                .session()
                .keys(
                    Map.of(
                        KEY_ID,
                        "another key of at least 32 bytes".getBytes(StandardCharsets.UTF_8))),
            BAD_SIGNATURE),
        arguments(
            "a newer key beside it",
            visit().session().keys(Map.of(KEY_ID, KEY, "99991231T000000Z", KEY)),
            OK),
        arguments("in the last second", visit().session().at(Duration.ofSeconds(899)), OK),
        arguments("late", visit().session().at(Duration.ofMinutes(15)), EXPIRED),
        arguments(
            "another service's token",
            visit().cookie(token(service("team-a", "desk", "uid-2"), Use.SESSION)),
            OTHER_SERVICE),
        arguments(
            "a namesake's token, of another namespace",
            visit().cookie(token(service("team-b", "shop", "uid-3"), Use.SESSION)),
            OTHER_SERVICE),
        arguments(
            "the token of a former service of the same name",
            visit().cookie(token(service("team-a", "shop", "uid-0"), Use.SESSION)),
            OTHER_SERVICE),
        arguments("after a rollout", visit().session().status(s -> s.withPort(9090)), OTHER_PORT),
        arguments("after a revocation", visit().session().epoch("2"), REVOKED),
        arguments(
            "a garbage token of any length",
            visit().cookie("1." + "a".repeat(5000)),
            MALFORMED_TOKEN),

        // what has become of the service
        arguments("no service", visit().session().gone(), NOT_SERVED),
        arguments(
            "two services with one host",
            visit().session().andAnother(service("team-b", "twin", "uid-1")),
            NOT_SERVED),
        arguments(
            "another service, that the index gave by mistake",
            visit().session().gone().andAnother(service("team-b", "desk", "uid-2")),
            NOT_SERVED),
        arguments("deleted", visit().session().deleted(), NOT_SERVED),
        arguments(
            "not ready", visit().session().status(s -> s.withPhase(Phase.UNHEALTHY)), NOT_SERVED),
        arguments(
            "not protected", visit().session().status(s -> s.withPublicUrl(null)), NOT_SERVED),
        arguments(
            "a URL that is not its own",
            visit().session().status(s -> s.withPublicUrl("https://evil.example/")),
            NOT_SERVED),
        arguments("while nothing is heard", visit().session().unheard(), NOT_KNOWN_NOW),

        // who makes the browser ask
        arguments(
            "a post of its own page",
            visit().session().method("POST").header("Origin", ORIGIN),
            OK),
        arguments("a post from nowhere", visit().session().method("POST"), FOREIGN_ORIGIN),
        arguments(
            "a post of a sibling",
            visit().session().method("POST").header("Origin", "https://s-sibling." + Visit.DOMAIN),
            FOREIGN_ORIGIN),
        arguments(
            "a post of a sandboxed frame",
            visit().session().method("POST").header("Origin", "null"),
            FOREIGN_ORIGIN),
        arguments(
            "its own origin, without TLS",
            visit().session().method("POST").header("Origin", "http://" + HOST),
            FOREIGN_ORIGIN),
        arguments(
            "its own origin, at another port",
            visit().session().method("POST").header("Origin", ORIGIN + ":8443"),
            FOREIGN_ORIGIN),
        arguments(
            "two origins",
            visit().session().method("POST").header("Origin", ORIGIN, ORIGIN),
            FOREIGN_ORIGIN),
        arguments("an unknown method", visit().session().method("BREW"), FOREIGN_ORIGIN),
        arguments(
            "a read of a sibling", visit().session().header("Origin", "https://x"), FOREIGN_ORIGIN),
        arguments(
            "a WebSocket of its own",
            visit().session().header("Upgrade", "websocket").header("Origin", ORIGIN),
            OK),
        arguments(
            "a WebSocket from nowhere",
            visit().session().header("Upgrade", "websocket"),
            FOREIGN_ORIGIN),
        arguments(
            "a WebSocket from nowhere, told by its own header",
            visit().session().header("X-Forwarded-Upgrade", "websocket"),
            FOREIGN_ORIGIN),
        arguments(
            "a WebSocket from nowhere, told by its key",
            visit().session().header("Sec-WebSocket-Key", "x"),
            FOREIGN_ORIGIN),

        // a token must not reach the agent
        arguments(
            "a link, at an agent's door", visit().uri("/?edge_token=" + LINK), TOKEN_IN_QUERY),
        arguments(
            "a link beside a session",
            visit().session().uri("/a?b=c&edge_token=" + LINK),
            TOKEN_IN_QUERY),
        arguments(
            "a link in another spelling",
            visit().session().uri("/?Edge%5Ftoken=" + LINK),
            TOKEN_IN_QUERY),
        arguments("a like-named parameter", visit().session().uri("/?edge_tokens=1"), OK));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void authorizes(String what, Visit visit, EdgeReason expected) {
    assertThat(visit.authorized()).isEqualTo(expected);
  }

  static Stream<Arguments> links() {
    return Stream.of(
        arguments("opened", visit().uri("/?edge_token=" + LINK), OK),
        arguments("looked at", visit().method("HEAD").uri("/?edge_token=" + LINK), OK),
        arguments(
            "from a page elsewhere",
            visit().uri("/?edge_token=" + LINK).header("Origin", "null"),
            OK),
        arguments("posted to", visit().method("POST").uri("/?edge_token=" + LINK), TOKEN_IN_QUERY),
        arguments(
            "twice", visit().uri("/?edge_token=" + LINK + "&edge_token=" + LINK), AMBIGUOUS_TOKEN),
        arguments("without", visit().uri("/"), NO_TOKEN),
        arguments("a session's", visit().uri("/?edge_token=" + SESSION), WRONG_USE),
        arguments(
            "another service's",
            visit().uri("/?edge_token=" + token(service("team-a", "desk", "uid-2"), Use.LINK)),
            OTHER_SERVICE),
        arguments("late", visit().uri("/?edge_token=" + LINK).at(Duration.ofMinutes(15)), EXPIRED),
        arguments("revoked", visit().uri("/?edge_token=" + LINK).epoch("2"), REVOKED),
        arguments(
            "while nothing is heard",
            visit().uri("/?edge_token=" + LINK).unheard(),
            NOT_KNOWN_NOW));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("links")
  void exchanges(String what, Visit visit, EdgeReason expected) {
    assertThat(visit.exchanged()).isEqualTo(expected);
  }
}
