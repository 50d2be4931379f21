package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.e2e.ApiCaller.Answer;
import dev.agentservice.e2e.chaos.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The HTTP API of the chart, as its callers see it: the seed's call and its siblings. */
class ApiTest {

  private static final String SERVICES = "/d/services";

  /** As the seed documents them. */
  private static final List<String> FIELDS =
      List.of(
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

  private static final Canary FIRST = Canary.random();
  private static final Canary SECOND = Canary.random();

  @AutoClose private final Tenant tenant = Tenant.create();
  private final ApiCaller user = tenant.caller("agentservice-api-user");

  @Test
  void createsOnceAndBringsTheEnv() {
    var version = recipe();

    var created = create(FIRST);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.body().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrderElementsOf(FIELDS);
    assertThat(created.body().path("deployment_id").asText()).isEqualTo("d");
    assertThat(created.body().path("version_id").asText()).isEqualTo(version);
    assertThat(created.body().path("status").asText()).isEqualTo("starting");
    assertThat(created.body().path("port").asInt()).isEqualTo(Tenant.PORT);
    assertThat(created.body().path("idempotency_key").asText()).isEqualTo("order-4711");

    var id = id(created);
    var ready = awaitStatus(id, "ready");
    assertThat(ready.path("sandbox_id").asText())
        .isEqualTo(tenant.pods().getFirst().getMetadata().getName());
    assertHas(id, FIRST);

    var again = create(FIRST);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.header("idempotent-replayed")).hasValue("true");
    assertThat(id(again)).isEqualTo(id);
    assertThat(create(SECOND).status()).as("another payload under the same key").isEqualTo(422);
    assertThat(tenant.services()).hasSize(1);
    assertThat(tenant.pods()).hasSize(1);
  }

  @Test
  void stopsAndRestartsWithOtherValues() {
    recipe();
    var id = id(create(FIRST));
    awaitStatus(id, "ready");

    assertThat(
            user.post(SERVICES + "/" + id + "/stop", "stop-1", Map.of("reason", "done for today"))
                .status())
        .isEqualTo(200);
    assertThat(awaitStatus(id, "stopped").path("stopped_at").asText()).isNotEmpty();
    tenant.awaitNoPods();

    var restart = SERVICES + "/" + id + "/restart";
    assertThat(user.post(restart, "restart-1", envs(SECOND)).status()).isEqualTo(200);
    awaitStatus(id, "ready");
    assertHas(id, SECOND);

    var wanted = tenant.service(name(id)).getSpec();
    assertThat(user.post(restart, "restart-1", envs(SECOND)).status()).isEqualTo(200);
    assertThat(tenant.service(name(id)).getSpec())
        .as("the same call again restarts nothing")
        .isEqualTo(wanted);
  }

  @Test
  void logsAreForThoseWhoMayReadThem() {
    recipe();
    var id = id(create(FIRST));
    var sandbox = awaitStatus(id, "ready").path("sandbox_id").asText();
    var logs = SERVICES + "/" + id + "/logs";

    var event = user.get(logs).body().path("events").path(0);
    assertThat(event.path("message").asText()).contains("listening");
    assertThat(event.path("sandbox_id").asText()).isEqualTo(sandbox);

    var viewer = tenant.caller("agentservice-api-viewer");
    assertThat(viewer.get(SERVICES + "/" + id).status()).isEqualTo(200);
    for (var forbidden : List.of(viewer.get(logs), viewer.get(SERVICES + "/" + id + "/url"))) {
      assertThat(forbidden.status()).isEqualTo(403);
      assertThat(forbidden.body().path("code").asText()).isEqualTo("forbidden");
    }
  }

  @Test
  void anotherTenantsServicesAreNotThere() {
    recipe();
    var id = id(create(FIRST));
    try (var other = Tenant.create()) {
      var stranger = other.caller("agentservice-api-user");
      assertThat(stranger.get(SERVICES + "/" + id).status()).isEqualTo(404);
      assertThat(stranger.post(SERVICES + "/" + id + "/stop", "stop-1", Map.of()).status())
          .isEqualTo(404);
    }
    awaitStatus(id, "ready");
  }

  @Test
  void theReadmesCallsWorkAsWritten() throws IOException {
    var readme =
        Files.readString(Repository.ROOT.resolve("README.md"))
            .replace("team-a", tenant.namespace());
    var deployment = block("yaml", "kind: AgentDeployment", readme);
    var calls = block("", "create token", readme);

    tenant.bash("kubectl apply -f - <<'END'\n" + deployment + "\nEND");
    tenant.activeVersion("support");
    assertThat(
            tenant.bash(
                "export AGENTSERVICE_API=%s\n%s".formatted(Cluster.api(), calls.stripTrailing())))
        .contains("\"deployment_id\":\"support\"");
    tenant.awaitReady(tenant.services().getFirst().getMetadata().getName());
  }

  private String recipe() {
    tenant.applyDeployment(template -> template);
    return tenant.activeVersion();
  }

  private Answer create(Canary value) {
    return user.post(SERVICES, "order-4711", envs(value));
  }

  private static Map<String, ?> envs(Canary value) {
    return Map.of("envs", Map.of("API_TOKEN", value.value()));
  }

  private static String id(Answer answer) {
    return answer.body().path("id").asText();
  }

  /** Of the AgentService with that id. */
  private static String name(String id) {
    return id.replace('_', '-');
  }

  private JsonNode awaitStatus(String id, String status) {
    return Tenant.patiently()
        .until(
            () -> user.get(SERVICES + "/" + id).body(),
            service -> service.path("status").asText().equals(status));
  }

  private void assertHas(String id, Canary value) {
    assertThat(tenant.agent(name(id)).has("API_TOKEN", value.value())).isTrue();
    var secret = tenant.service(name(id)).getSpec().envSecret().name();
    Tenant.patiently().until(() -> !tenant.hasSecret(secret));
  }

  /** The first block of that language that has these words. */
  private static String block(String language, String words, String markdown) {
    return Pattern.compile("^```(\\w*)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(markdown)
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .filter(text -> text.contains(words))
        .findFirst()
        .orElseThrow();
  }
}
