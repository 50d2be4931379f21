package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.api.service.Steps;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.PublicHost;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A public URL, from the call that gives it out to the gateway's question whether it is good. */
@OnApiServer
class PublicUrlTest {

  private static final String DOMAIN = "agents.example.com";
  private static final String SECRET = "agentservice-api-signing-keys";

  private final Kubernetes kubernetes;
  private final Tenant tenant;
  private final AgentService service;
  private Replica replica;

  PublicUrlTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
    tenant = Tenant.in(kubernetes).withDeployment();
    service = tenant.apply("shop", AgentServiceSpecBuilder.builder().deployment("d").build());
    publicUrl("https://" + host() + "/");
  }

  @BeforeEach
  void start() {
    replica = replica();
    Awaitility.await().until(() -> url(tenant.user()).isPresent());
    awaitReason("ok", token());
  }

  @AfterEach
  void end() {
    replica.close();
  }

  @Test
  void isThereForThoseAloneWhoMayHaveIt() {
    var path = "/d/services/" + service.id();
    for (var of : new String[] {path, path + "/url"}) {
      var document = Http.json(get(tenant.user(), of));
      assertThat(document.path("public_url").asText())
          .startsWith("https://" + host() + "/?edge_token=1.");
    }
    var list = Http.json(get(tenant.user(), "/d/services"));
    assertThat(list.at("/items/0/public_url").asText()).contains("?edge_token=1.");

    assertThat(Http.json(get(tenant.viewer(), path)).path("public_url").isNull()).isTrue();
    assertThat(Http.json(get(tenant.viewer(), "/d/services")).at("/items/0/public_url").isNull())
        .isTrue();

    publicUrl(null);
    Awaitility.await().until(() -> url(tenant.user()).isEmpty());
  }

  @Test
  void isExchangedForACookieThatOpensTheService() {
    assertThat(reason(ask("/edge/authorize", "/"))).isEqualTo("no_token");

    var link = URI.create(url(tenant.user()).orElseThrow());
    var exchanged = ask("/edge/exchange", "/chat?a=b&" + link.getRawQuery());
    assertThat(exchanged.statusCode()).isEqualTo(303);
    assertThat(exchanged.headers().firstValue("Location"))
        .hasValue("https://" + host() + "/chat?a=b");
    assertThat(exchanged.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(exchanged.headers().firstValue("Cache-Control")).hasValue("no-store");
    var cookie = exchanged.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .startsWith("__Host-edge_token=1.")
        .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=3600")
        .doesNotContain("Domain");

    var session = cookie.split(";", 2)[0];
    var allowed = ask("/edge/authorize", "/chat", "Cookie", "mine=1; " + session);
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(allowed.headers().firstValue("X-Edge-Service"))
        .hasValue("shop." + tenant.namespace() + ".svc");
    assertThat(allowed.headers().firstValue("X-Edge-Port")).hasValue("8080");
    assertThat(allowed.headers().firstValue("Cookie")).hasValue("mine=1");
  }

  @Test
  void isRevokedByTheEpochAndEndsWithTheService() {
    var token = token();
    assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", token))).isEqualTo("ok");

    kubernetes
        .client()
        .resources(AgentService.class)
        .inNamespace(tenant.namespace())
        .withName("shop")
        .edit(
            current -> {
              current.getMetadata().setAnnotations(Map.of(Names.URL_EPOCH_ANNOTATION, "2"));
              return current;
            });
    awaitReason("revoked", token);
    var fresh = token();
    awaitReason("ok", fresh);

    kubernetes.client().resource(service).delete();
    awaitReason("not_served", fresh);
  }

  @Test
  void theRingTurnsWithoutARestart() {
    var before = token();
    keys(Map.of("99991231T000000Z", newKey()));
    try (var newer = replica()) {
      Awaitility.await().until(() -> url(newer, tenant.user()).isPresent());
      var signedByNewest = url(newer, tenant.user()).orElseThrow().split("edge_token=", 2)[1];
      assertThat(signedByNewest).startsWith("1.99991231T000000Z.");

      assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", signedByNewest)))
          .as("at the replica that has not read the ring since")
          .isEqualTo("ok");
      assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", before))).isEqualTo("ok");
    }
  }

  /** Its informers are deaf then, as far as anybody can tell. */
  @Test
  void nobodyPassesWhileTheApiServerIsSilent() {
    var token = token();
    replica.close();
    var clock = new AdvancedClock();
    try (var way = kubernetes.tunnel()) {
      replica = Replica.of(kubernetes.newClient(way), environment(), clock);
      awaitReason("ok", token);

      way.freeze();
      clock.advance(Duration.ofMinutes(2));
      assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", token)))
          .isEqualTo("not_known_now");
      assertThat(reason(ask("/edge/exchange", "/?edge_token=" + token))).isEqualTo("not_known_now");

      way.thaw();
      Awaitility.await()
          .atMost(3, TimeUnit.MINUTES) // bookmarks come once a minute
          .until(() -> reason(ask("/edge/authorize", "/", "X-Edge-Token", token)), "ok"::equals);

      // and where it never thaws, a new connection is made
      way.freeze();
      clock.advance(Duration.ofMinutes(2));
      assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", token)))
          .isEqualTo("not_known_now");
      clock.advance(Duration.ofMinutes(10));
      Awaitility.await()
          .atMost(2, TimeUnit.MINUTES) // what was under way on the broken ones times out first
          .until(() -> reason(ask("/edge/authorize", "/", "X-Edge-Token", token)), "ok"::equals);
    }
  }

  @Test
  void aFloodOfForgedTokensAsksTheApiServerForNextToNothing() {
    var good = token();
    replica.close();
    var asked = new CountedRequests(request -> request.uri().getPath().contains("/secrets/"));
    replica = Replica.of(kubernetes.newClient(asked), environment(), Steps.UNHEARD);
    awaitReason("ok", good);

    var before = asked.count();
    var changed = good.substring(0, good.lastIndexOf('.') + 1) + "forged";
    for (var sent = 0; sent < 1_000; sent++) {
      assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", changed)))
          .isEqualTo("bad_signature");
    }
    assertThat(asked.count()).as("requests for what is signed by a known key").isEqualTo(before);

    var began = Instant.now();
    for (var sent = 0; sent < 1_000; sent++) {
      var invented = good.replaceFirst("^1\\.", "1." + sent + "-");
      assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", invented)))
          .isEqualTo("unknown_key");
    }
    assertThat(asked.count() - before)
        .as("requests for a thousand invented keys: ten, and ten for each second")
        .isPositive()
        .isLessThanOrEqualTo((int) (11 + Duration.between(began, Instant.now()).toMillis() / 100));
    assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", good))).isEqualTo("ok");
  }

  private void publicUrl(String url) {
    tenant.status(
        kubernetes.client().resource(service).get(),
        _ ->
            AgentServiceStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(Phase.READY)
                .versionId("d-v1")
                .port(8080)
                .publicUrl(url)
                .build());
  }

  private String host() {
    return PublicHost.of(service.getMetadata().getUid(), DOMAIN);
  }

  private HttpResponse<String> get(String token, String path) {
    return Http.send(Tenant.request(replica, token, path).build());
  }

  private Optional<String> url(String token) {
    return url(replica, token);
  }

  private Optional<String> url(Replica at, String token) {
    var path = "/d/services/" + service.id() + "/url";
    var url = Http.json(Http.send(Tenant.request(at, token, path).build())).path("public_url");
    return Optional.ofNullable(url.textValue());
  }

  private String token() {
    return url(tenant.user()).orElseThrow().split("edge_token=", 2)[1];
  }

  /** As a gateway does. */
  private HttpResponse<String> ask(String path, String uri, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + replica.edgePort() + path))
            // else the JDK asks for HTTP/2 by an upgrade
            .version(HttpClient.Version.HTTP_1_1)
            .header("X-Forwarded-Method", "GET")
            .header("X-Forwarded-Host", host())
            .header("X-Forwarded-Uri", uri);
    return Http.send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  private static String reason(HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Edge-Reason").orElseThrow();
  }

  private void awaitReason(String reason, String token) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(reason(ask("/edge/authorize", "/", "X-Edge-Token", token)))
                    .isEqualTo(reason));
  }

  private Replica replica() {
    return Replica.of(kubernetes.newClient(), environment(), Steps.UNHEARD);
  }

  private Map<String, String> environment() {
    return Map.of(
        "POD_NAMESPACE",
        tenant.namespace(),
        "PUBLIC_URL_DOMAIN",
        DOMAIN,
        "EDGE_PORT",
        "0",
        "LINK_SECONDS",
        "3600");
  }

  private void keys(Map<String, String> added) {
    kubernetes
        .client()
        .secrets()
        .inNamespace(tenant.namespace())
        .withName(SECRET)
        .edit(
            secret -> {
              secret.getData().putAll(added);
              return secret;
            });
  }

  private static String newKey() {
    return Base64.getEncoder().encodeToString(new byte[32]);
  }
}
