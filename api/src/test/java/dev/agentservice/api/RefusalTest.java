package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.v1alpha1.EnvSpec;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input: the right status and code, nothing recorded, no value told back. */
@OnApiServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTest {

  private static final String CANARY = "canary-5f1d";

  private Tenant tenant;
  @AutoClose private Replica replica;

  @BeforeAll
  void begin(Kubernetes kubernetes) {
    tenant =
        Tenant.in(kubernetes)
            .withDeployment()
            .withDeployment(
                "strict",
                spec -> spec,
                template ->
                    template.withEnvSpec(new EnvSpec(List.of("MUST"), List.of("MAY"), null)));
    replica = Replica.of(kubernetes);
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        arguments("no body", null, 400, "invalid_json"),
        arguments("empty", "", 400, "invalid_json"),
        arguments("cut off", "{\"envs\": {\"A\": \"" + CANARY, 400, "invalid_json"),
        arguments("not JSON", "envs=" + CANARY, 400, "invalid_json"),
        arguments("an array", "[]", 400, "invalid_json"),
        arguments("two objects", "{} {}", 400, "invalid_json"),
        arguments("null", "null", 400, "invalid_json"),
        arguments(
            "a name twice",
            "{\"envs\": {\"A\": \"1\", \"A\": \"" + CANARY + "\"}}",
            400,
            "invalid_json"),
        arguments("deeply nested", "{\"x\":" + "[".repeat(2000), 422, "invalid_body"),
        arguments("unknown field", "{\"env\": \"" + CANARY + "\"}", 422, "invalid_body"),
        arguments("half a character", "{\"version_id\": \"x\\udc00\"}", 422, "invalid_body"),
        arguments("version_id a number", "{\"version_id\": 1}", 422, "invalid_body"),
        arguments("envs an array", "{\"envs\": [\"" + CANARY + "\"]}", 422, "invalid_body"),
        arguments("envs a string", "{\"envs\": \"" + CANARY + "\"}", 422, "invalid_body"),
        arguments("a number in envs", "{\"envs\": {\"A\": 4711}}", 422, "invalid_body"),
        arguments("null in envs", "{\"envs\": {\"A\": null}}", 422, "invalid_body"),
        arguments(
            "an object in envs",
            "{\"envs\": {\"A\": {\"B\": \"" + CANARY + "\"}}}",
            422,
            "invalid_body"),
        arguments(
            "a bad name", "{\"envs\": {\"1=A\": \"" + CANARY + "\"}}", 422, "invalid_env_name"),
        arguments(
            "a name too long",
            "{\"envs\": {\"" + "A".repeat(254) + "\": \"x\"}}",
            422,
            "invalid_env_name"),
        arguments("an empty name", "{\"envs\": {\"\": \"x\"}}", 422, "invalid_env_name"),
        arguments(
            "NUL in a value",
            "{\"envs\": {\"A\": \"" + CANARY + "\\u0000\"}}",
            422,
            "invalid_env_value"),
        arguments(
            "too long a value",
            "{\"envs\": {\"A\": \"" + CANARY.repeat(12_000) + "\"}}",
            422,
            "invalid_env_value"),
        arguments(
            "half a character in a value",
            "{\"envs\": {\"A\": \"" + CANARY + "\\ud800y\"}}",
            422,
            "invalid_env_value"),
        arguments("unknown version", "{\"version_id\": \"nothing\"}", 422, "unknown_version"),
        arguments("no version's name", "{\"version_id\": \"../x\"}", 422, "unknown_version"),
        arguments("empty version", "{\"version_id\": \"\"}", 422, "unknown_version"),
        arguments(
            "version of another deployment",
            "{\"version_id\": \"strict-v1\"}",
            422,
            "version_of_another_deployment"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void body(String situation, String body, int status, String code) {
    assertRefused(tenant.create(replica, "key-of-bodies", body), status, code);
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource
  void envSpec(String body, int status, String code) {
    assertRefused(tenant.post(replica, "/strict/services", "key-2", body), status, code);
  }

  static Stream<Arguments> envSpec() {
    return Stream.of(
        arguments("{}", 422, "env_missing"),
        arguments("{\"envs\": {\"MAY\": \"" + CANARY + "\"}}", 422, "env_missing"),
        arguments(
            "{\"envs\": {\"MUST\": \"" + CANARY + "\", \"OTHER\": \"x\"}}",
            422,
            "env_not_allowed"));
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        arguments("missing", List.of()),
        arguments("empty", List.of("")),
        arguments("repeated", List.of("a", "a")),
        arguments("256 long", List.of("k".repeat(256))),
        arguments("not ASCII", List.of("schl\u00fcssel")),
        arguments("with a blank", List.of("a b")),
        arguments("empty in quotes", List.of("\"\"")),
        arguments("a quoted blank", List.of("\"a b\"")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void keys(String situation, List<String> keys) throws Exception {
    // not by the JDK's client, which sends no such headers
    var answer = RawHttp.post(replica, "/d/services", tenant.user(), keys, "{}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"invalid_idempotency_key\"");
  }

  @Test
  void paths() {
    assertRefused(
        tenant.post(replica, "/nothing/services", "k", "{}"), 404, "deployment_not_found");
    assertRefused(
        tenant.post(replica, "/%2E%2E%5C..%5Csecrets/services", "k", "{}"),
        404,
        "deployment_not_found");
    assertRefused(tenant.post(replica, "/..%2F..%2Fsecrets/services", "k", "{}"), 404, "not_found");
    assertRefused(tenant.get(replica, "/nothing/services"), 404, "deployment_not_found");
    assertRefused(tenant.get(replica, "/nothing"), 404, "deployment_not_found");
    assertRefused(tenant.get(replica, "/d/services/adsvc_aaaaaaaaaaaaa"), 404, "service_not_found");
    assertRefused(tenant.get(replica, "/d/services/x"), 404, "service_not_found");
    assertRefused(tenant.get(replica, "/d/versions/strict-v1"), 404, "version_not_found");
    assertRefused(tenant.get(replica, "/d/else/where/at/all"), 404, "not_found");
    assertRefused(Http.get(replica.port(), "/"), 404, "not_found");
  }

  @Test
  void methods() {
    var request = Tenant.request(replica, tenant.user(), "/d/services").DELETE().build();

    var answer = Http.send(request);

    assertRefused(answer, 405, "method_not_allowed");
    assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
  }

  @Test
  void parameters() {
    for (var query :
        List.of(
            "limit=0",
            "limit=201",
            "limit=x",
            "cursor=%20",
            "cursor=bm9uc2Vuc2U",
            "status=running",
            "statuss=ready",
            "limit=1&limit=2")) {
      assertRefused(tenant.get(replica, "/d/services?" + query), 400, "invalid_parameter");
    }
  }

  @Test
  void types() {
    var request =
        Tenant.request(replica, tenant.user(), "/d/services")
            .header("Idempotency-Key", "k")
            .header("Content-Type", "text/plain")
            .POST(Http.body("{}"));

    assertRefused(Http.send(request.build()), 415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "", ";charset=utf-8", "application/jsonx"})
  void otherTypes(String type) throws Exception {
    var answer = RawHttp.send(replica.port(), create("Content-Type: " + type, "2\r\n{}\r\n0"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(415);
    assertThat(answer.body()).contains("\"code\":\"unsupported_media_type\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Application/JSON", "application/json;charset", "application/json; charset=\"x"})
  void typesThatAreJson(String type) throws Exception {
    var answer = RawHttp.send(replica.port(), create("Content-Type: " + type, "2\r\n[]\r\n0"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"invalid_json\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\r\n{}", "-1\r\n{}", "fffffffffffffffff\r\n{}"})
  void chunksThatAreNone(String chunks) throws Exception {
    var answer = RawHttp.send(replica.port(), create("Content-Type: application/json", chunks));
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"invalid_request\"");
  }

  /** A create as bytes, in chunks. */
  private String create(String header, String chunks) {
    return """
        POST /v1/agent-deployments/d/services HTTP/1.1
        Host: x
        Connection: close
        Idempotency-Key: k
        Transfer-Encoding: chunked
        Authorization: Bearer %s
        %s

        """
            .replace("\n", "\r\n")
            .formatted(tenant.user(), header)
        + chunks
        + "\r\n\r\n";
  }

  @Test
  void sizes() {
    var tooLarge = "{\"envs\": {\"A\": \"" + CANARY.repeat(100_000) + "\"}}";
    assertRefused(tenant.create(replica, "k", tooLarge), 413, "body_too_large");

    var chunked =
        Tenant.request(replica, tenant.user(), "/d/services")
            .header("Idempotency-Key", "k")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofString(tooLarge)))
            .build();
    assertRefused(Http.send(chunked), 413, "body_too_large");
  }

  private void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    var problem = Http.json(answer);
    assertThat(problem.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "type", "title", "status", "detail", "error", "code", "request_id", "retryable");
    assertThat(problem.get("code").asText()).isEqualTo(code);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("error")).isEqualTo(problem.get("detail"));
    assertThat(problem.get("request_id").asText())
        .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
    assertThat(answer.body()).doesNotContain(CANARY);
    assertThat(tenant.services()).isEmpty();
  }
}
