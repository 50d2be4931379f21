package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.v1alpha1.AgentService;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The seed's call. */
@OnApiServer
class CreateTest {

  private static final String ENVS =
      """
      {"version_id": null, "envs": {"API_TOKEN": "secret-value"}}""";

  private final Tenant tenant;
  @AutoClose private final Replica one;
  @AutoClose private final Replica two;

  CreateTest(Kubernetes kubernetes) {
    tenant = Tenant.in(kubernetes).withDeployment();
    one = Replica.of(kubernetes);
    two = Replica.of(kubernetes);
  }

  @Test
  void answersWithEveryFieldOfTheSeed() {
    var created = tenant.create(one, "key-1", ENVS);

    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    var service = Http.json(created);
    assertThat(service.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "id",
            "deployment_id",
            "version_id",
            "status",
            "port",
            "created_at",
            "updated_at",
            "sandbox_id",
            "process_id",
            "public_url",
            "readiness_status",
            "failure_reason",
            "started_at",
            "stopped_at",
            "idempotency_key");
    assertThat(service.get("id").asText()).matches("adsvc_[a-z2-7]{13}");
    assertThat(service.get("deployment_id").asText()).isEqualTo("d");
    assertThat(service.get("version_id").asText()).isEqualTo("d-v1");
    assertThat(service.get("status").asText()).isEqualTo("starting");
    assertThat(service.get("port").asInt()).isEqualTo(8080);
    assertThat(service.get("created_at").asText()).matches("....-..-..T..:..:..Z");
    assertThat(service.get("readiness_status").isObject()).isTrue();
    assertThat(service.get("sandbox_id").isNull()).isTrue();
    assertThat(service.get("idempotency_key").asText()).isEqualTo("key-1");
    assertThat(created.headers().firstValue("Location"))
        .contains("/v1/agent-deployments/d/services/" + service.get("id").asText());
  }

  @Test
  void claimsAServiceWithItsSecret() {
    tenant.create(one, "key-1", ENVS);

    assertThat(tenant.services()).hasSize(1);
    var service = tenant.services().getFirst();
    assertThat(service.getSpec().deployment()).isEqualTo("d");
    assertThat(service.getSpec().version()).isEqualTo("d-v1");
    assertThat(service.getSpec().ttlSecondsAfterFinished()).isEqualTo(86400);
    assertThat(tenant.secrets())
        .singleElement()
        .satisfies(
            secret -> {
              assertThat(secret.getMetadata().getName())
                  .isEqualTo(service.getSpec().envSecret().name());
              assertThat(secret.getType()).isEqualTo("agentservice.dev/transient-env");
              assertThat(secret.getMetadata().getOwnerReferences())
                  .singleElement()
                  .satisfies(
                      owner ->
                          assertThat(owner.getUid()).isEqualTo(service.getMetadata().getUid()));
              assertThat(Base64.getDecoder().decode(secret.getData().get("API_TOKEN")))
                  .asString()
                  .isEqualTo("secret-value");
            });
  }

  @Test
  void theSameCallAgainIsTheSameService() {
    var first = tenant.create(one, "key-1", ENVS);
    var again = tenant.create(one, "\"key-1\"", ENVS);
    var elsewhere = tenant.create(two, "key-1", ENVS);

    assertThat(List.of(again, elsewhere))
        .allSatisfy(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(201);
              assertThat(Http.json(answer).get("id")).isEqualTo(Http.json(first).get("id"));
              assertThat(answer.headers().firstValue("Idempotent-Replayed")).contains("true");
            });
    assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(tenant.services()).hasSize(1);
    assertThat(tenant.secrets()).hasSize(1);
  }

  @Test
  void anotherPayloadUnderTheKeyIsRefused() {
    tenant.create(one, "key-1", ENVS);
    var other = tenant.create(two, "key-1", ENVS.replace("secret-value", "secret-valuf"));

    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(Http.json(other).get("code").asText()).isEqualTo("idempotency_key_reused");
    assertThat(other.body()).doesNotContain("adsvc", "secret-val", "API_TOKEN");
  }

  @Test
  void anotherCallerUnderTheKeyIsRefused() {
    tenant.create(one, "key-1", ENVS);
    var colleague =
        tenant.account("colleague", List.of(Tenant.rule(List.of("create"), "agentservices")));
    var other =
        Http.send(
            Tenant.request(one, colleague, "/d/services")
                .header("Idempotency-Key", "key-1")
                .POST(Http.body(ENVS))
                .build());

    assertThat(other.statusCode()).isEqualTo(422);
    assertThat(Http.json(other).get("code").asText()).isEqualTo("idempotency_key_reused");
  }

  @Test
  void sixtyFourAtOnceOverTwoReplicasAreOneService() throws Exception {
    var answers =
        atOnce(64, index -> () -> tenant.create(index % 2 == 0 ? one : two, "key-1", ENVS));

    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(201);
    assertThat(answers).extracting(answer -> Http.json(answer).get("id")).hasSize(64);
    assertThat(answers.stream().map(answer -> Http.json(answer).get("id").asText()).distinct())
        .hasSize(1);
    assertThat(tenant.services()).hasSize(1);
    assertThat(tenant.secrets()).hasSize(1);
  }

  @Test
  void ofTwoPayloadsUnderOneKeyOneWins() throws Exception {
    var answers =
        atOnce(
            64,
            index ->
                () ->
                    tenant.create(
                        index % 4 < 2 ? one : two,
                        "key-1",
                        ENVS.replace("secret-value", "value-" + index % 2)));

    assertThat(tenant.services()).hasSize(1);
    var winner = answers.getFirst().statusCode() == 201 ? 0 : 1;
    assertThat(IntStream.range(0, 64))
        .allSatisfy(
            index ->
                assertThat(answers.get(index).statusCode())
                    .isEqualTo(index % 2 == winner ? 201 : 422));
    assertThat(tenant.secrets())
        .singleElement()
        .satisfies(
            secret ->
                assertThat(Base64.getDecoder().decode(secret.getData().get("API_TOKEN")))
                    .asString()
                    .isEqualTo("value-" + winner));
  }

  @Test
  void withoutValuesThereIsNoSecret() {
    assertThat(tenant.create(one, "key-1", "{}").statusCode()).isEqualTo(201);
    assertThat(tenant.create(one, "key-2", "{\"envs\": {}, \"version_id\": \"d-v1\"}").statusCode())
        .isEqualTo(201);

    assertThat(tenant.services()).hasSize(2);
    assertThat(tenant.secrets()).isEmpty();
  }

  @Test
  void aKeyBelongsToItsDeploymentAndItsTenant(Kubernetes kubernetes) {
    tenant.withDeployment("other", spec -> spec, template -> template);
    var neighbour = Tenant.in(kubernetes).withDeployment();

    assertThat(tenant.create(one, "key-1", ENVS).statusCode()).isEqualTo(201);
    assertThat(tenant.post(one, "/other/services", "key-1", "{}").statusCode()).isEqualTo(201);
    assertThat(neighbour.create(one, "key-1", "{}").statusCode()).isEqualTo(201);
  }

  @Test
  void whatWasCreatedIsFoundAlsoWhereItIsRefusedToday() {
    var first = tenant.create(one, "key-1", ENVS);
    AgentService service = tenant.services().getFirst();
    tenant.suspend("d");
    await().until(() -> Http.json(tenant.get(two, "/d")).get("status").asText().equals("paused"));

    var again = tenant.create(two, "key-1", ENVS);
    var fresh = tenant.create(two, "key-2", ENVS);

    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(Http.json(again).get("id")).isEqualTo(Http.json(first).get("id"));
    assertThat(service.getMetadata().getUid())
        .isEqualTo(tenant.services().getFirst().getMetadata().getUid());
    assertThat(fresh.statusCode()).isEqualTo(409);
    assertThat(Http.json(fresh).get("code").asText()).isEqualTo("deployment_suspended");
  }

  private static List<HttpResponse<String>> atOnce(
      int count, java.util.function.IntFunction<Callable<HttpResponse<String>>> call)
      throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = IntStream.range(0, count).mapToObj(call).toList();
      var answers = new ArrayList<HttpResponse<String>>();
      for (var future : threads.invokeAll(calls)) {
        answers.add(future.get());
      }
      return answers;
    }
  }
}
