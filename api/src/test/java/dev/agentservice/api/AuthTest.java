package dev.agentservice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.api.service.Steps;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Who may what. */
@OnApiServer
class AuthTest {

  private final Kubernetes kubernetes;
  private final Tenant tenant;
  @AutoClose private final Replica replica;

  AuthTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
    tenant = Tenant.in(kubernetes).withDeployment();
    replica = Replica.of(kubernetes);
  }

  @Test
  void noTokenOrNone() {
    for (var header :
        List.of("", "Bearer", "Bearer ", "Basic dTpw", "Bearer x", "Bearer a.b.c", tenant.user())) {
      var answer = get(header);
      assertRefused(answer, 401, "unauthenticated");
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer realm=\"agentservice\"");
    }
  }

  @Test
  void aTokenForAnotherAudience() {
    assertRefused(get("Bearer " + tenant.token("user", "other")), 401, "unauthenticated");
    assertRefused(
        get("Bearer " + tenant.token("user", "https://kubernetes.default.svc.cluster.local")),
        401,
        "unauthenticated");
  }

  @Test
  void aTokenThatWasTamperedWith() {
    var token = tenant.user();
    var payload = token.indexOf('.') + 20;
    var other = token.charAt(payload) == 'A' ? 'B' : 'A';
    assertRefused(
        get("Bearer " + token.substring(0, payload) + other + token.substring(payload + 1)),
        401,
        "unauthenticated");
    // looks right in all that can be told without asking the cluster
    var unsigned = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";
    assertRefused(get("Bearer " + unsigned), 401, "unauthenticated");
  }

  @Test
  void aTokenThatExpired() {
    assertRefused(get("Bearer " + expired(tenant.user())), 401, "unauthenticated");
  }

  @Test
  void aTokenWhoseAccountIsGone() {
    var token = tenant.account("leaver", List.of());
    kubernetes
        .client()
        .serviceAccounts()
        .inNamespace(tenant.namespace())
        .withName("leaver")
        .delete();
    await().atMost(Duration.ofSeconds(30)).until(() -> !isAccepted(token));
    assertRefused(get("Bearer " + token), 401, "unauthenticated");
  }

  /** By the API server, which learns of what was deleted by a watch of its own. */
  private boolean isAccepted(String token) {
    var asked =
        new TokenReviewBuilder()
            .withNewSpec()
            .withToken(token)
            .withAudiences(Tenant.AUDIENCE)
            .endSpec()
            .build();
    return Boolean.TRUE.equals(
        kubernetes.client().resource(asked).create().getStatus().getAuthenticated());
  }

  @Test
  void withoutPermission() {
    var nobody = "Bearer " + tenant.account("nobody", List.of());
    var answer = get(nobody);
    assertRefused(answer, 403, "forbidden");
    assertThat(answer.body()).contains("may not list agentservices in namespace");
  }

  @Test
  void aViewerSeesNoLogAndNoUrl() {
    var id = Http.json(tenant.create(replica, "k", "{}")).get("id").asText();
    var viewer = "Bearer " + tenant.viewer();

    assertThat(get(viewer, "/d/services/" + id).statusCode()).isEqualTo(200);
    assertThat(get(viewer, "/d").statusCode()).isEqualTo(200);
    assertRefused(get(viewer, "/d/services/" + id + "/logs"), 403, "forbidden");
    assertRefused(get(viewer, "/d/services/" + id + "/url"), 403, "forbidden");
    for (var change : List.of("/d/services", "/d/services/" + id + "/stop")) {
      assertRefused(
          Http.send(
              Tenant.request(replica, tenant.viewer(), change)
                  .header("Idempotency-Key", "k2")
                  .POST(Http.body("{}"))
                  .build()),
          403,
          "forbidden");
    }
  }

  @Test
  void anotherTenantsObjectsAreNotThere() {
    var id = Http.json(tenant.create(replica, "k", "{}")).get("id").asText();
    var neighbour = Tenant.in(kubernetes);
    assertRefused(neighbour.get(replica, "/d/services/" + id), 404, "service_not_found");
    assertRefused(neighbour.get(replica, "/d/services/" + id + "/logs"), 404, "service_not_found");
    assertRefused(
        neighbour.post(replica, "/d/services/" + id + "/stop", null, "{}"),
        404,
        "service_not_found");
    assertRefused(neighbour.get(replica, "/d/versions/d-v1"), 404, "deployment_not_found");

    // not even where the deployment has the same name
    neighbour.withDeployment();
    assertRefused(neighbour.get(replica, "/d/services/" + id), 404, "service_not_found");
    assertThat(Http.json(neighbour.get(replica, "/d/services")).get("items")).isEmpty();
  }

  /** Also once what is known of them is known no more, and has to be asked for in the flood. */
  @Test
  void aFloodOfTokensThatAreNoneDoesNotShutOutThoseThatAre() throws Exception {
    var known = tenant.user();
    var unsigned = known.substring(0, known.lastIndexOf('.') + 1);
    var reviews =
        new CountedRequests(
            request -> request.bodyString() != null && request.bodyString().contains(known));
    var over = new AtomicBoolean();
    try (var flooded = Replica.of(kubernetes.newClient(reviews), Map.of(), Steps.UNHEARD);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(tenant.get(flooded, "/d").statusCode()).isEqualTo(200);
      var floods =
          IntStream.range(0, 300)
              .mapToObj(flooder -> threads.submit(() -> flood(flooded, unsigned, flooder, over)))
              .toList();
      try {
        while (reviews.count() < 3) {
          assertThat(tenant.get(flooded, "/d").statusCode()).isEqualTo(200);
        }
      } finally {
        over.set(true);
      }
      for (var flood : floods) {
        flood.get();
      }
    }
  }

  private static void flood(Replica replica, String unsigned, int flooder, AtomicBoolean over) {
    for (var sent = 0; !over.get(); sent++) {
      var signature = Integer.toString(flooder * 100_000 + sent + 1_000_000);
      var request = Tenant.request(replica, unsigned + signature, "/d/services").build();
      assertThat(Http.send(request).statusCode()).isIn(401, 503);
    }
  }

  @Test
  void onlyNamespacesThatAreServed() {
    try (var narrow =
        Replica.of(kubernetes.newClient(), Map.of("WATCH_NAMESPACES", "default"), Steps.UNHEARD)) {
      assertRefused(tenant.get(narrow, "/d"), 403, "forbidden");
    }
  }

  private HttpResponse<String> get(String authorization) {
    return get(authorization, "/d/services");
  }

  private HttpResponse<String> get(String authorization, String path) {
    var request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + replica.port() + "/v1/agent-deployments" + path));
    return Http.send(
        (authorization.isEmpty() ? request : request.header("Authorization", authorization))
            .build());
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(Http.json(answer).get("code").asText()).isEqualTo(code);
  }

  /** A token that says of itself that its time is over. */
  private static String expired(String token) {
    var parts = token.split("\\.", -1);
    var payload =
        new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)
            .replaceFirst("\"exp\":\\d+", "\"exp\":1600000000");
    return parts[0]
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8))
        + "."
        + parts[2];
  }
}
