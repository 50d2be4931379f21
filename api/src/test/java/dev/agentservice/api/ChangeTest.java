package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.api.service.Steps;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Stop, restart, lists: what happens to services after they were created. */
@OnApiServer
class ChangeTest {

  private final Tenant tenant;
  @AutoClose private final Replica replica;

  ChangeTest(Kubernetes kubernetes) {
    tenant = Tenant.in(kubernetes).withDeployment();
    replica = Replica.of(kubernetes);
  }

  @Test
  void stoppingTwiceIsFineAndTheFirstReasonStays() {
    var id = created("k", "{}");
    assertThat(change(id, "stop", null, "{\"reason\": \"enough\"}")).isEqualTo(200);
    assertThat(change(id, "stop", null, null)).isEqualTo(200);

    var service = tenant.services().getFirst();
    assertThat(service.getSpec().desiredState()).isEqualTo(DesiredState.STOPPED);
    assertThat(service.getSpec().stopReason()).isEqualTo("enough");
  }

  @Test
  void aSandboxCannotBeRetained() {
    var id = created("k", "{}");
    var answer =
        tenant.post(replica, "/d/services/" + id + "/stop", null, "{\"retain_sandbox\": true}");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(tenant.services().getFirst().getSpec().desiredState())
        .isEqualTo(DesiredState.RUNNING);
  }

  @Test
  void aRestartBringsAFreshSecret() {
    var id = created("k", "{\"envs\": {\"A\": \"1\"}}");
    var before = tenant.services().getFirst();
    running(before);

    assertThat(change(id, "restart", "r1", "{\"envs\": {\"A\": \"2\"}, \"reason\": \"new key\"}"))
        .isEqualTo(200);

    var after = tenant.services().getFirst();
    assertThat(after.getSpec().restartId()).isNotEqualTo(before.getSpec().restartId());
    assertThat(after.getSpec().envSecret()).isNotEqualTo(before.getSpec().envSecret());
    assertThat(tenant.secrets())
        .anySatisfy(
            secret ->
                assertThat(secret.getMetadata().getName())
                    .isEqualTo(after.getSpec().envSecret().name()));
    assertThat(after.getMetadata().getAnnotations())
        .containsEntry("agentservice.dev/restart-reason", "new key");
  }

  @Test
  void oneRestartForEachKey() {
    var id = created("k", "{}");
    running(tenant.services().getFirst());
    change(id, "restart", "r1", "{}");
    var once = tenant.services().getFirst();
    change(id, "restart", "r1", "{}");
    assertThat(tenant.services().getFirst().getSpec()).isEqualTo(once.getSpec());

    // also when another restart came between
    running(once);
    change(id, "restart", "r2", "{}");
    var twice = tenant.services().getFirst();
    assertThat(twice.getSpec().restartId()).isNotEqualTo(once.getSpec().restartId());
    assertThat(change(id, "restart", "r1", "{}")).isEqualTo(200);
    assertThat(tenant.services().getFirst().getSpec()).isEqualTo(twice.getSpec());

    // without a key each call is another one
    change(id, "restart", null, null);
    assertThat(tenant.services().getFirst().getSpec().restartId())
        .isNotEqualTo(twice.getSpec().restartId());
  }

  @Test
  void anotherPayloadUnderTheKeyOfARestartIsRefused() {
    var id = created("k", "{}");
    running(tenant.services().getFirst());
    change(id, "restart", "r1", "{\"envs\": {\"A\": \"1\"}}");

    assertThat(change(id, "restart", "r1", "{\"envs\": {\"A\": \"2\"}}")).isEqualTo(422);
  }

  @Test
  void valuesThatWereBroughtMustBeBroughtAgain() {
    var id = created("k", "{\"envs\": {\"A\": \"1\"}}");
    running(tenant.services().getFirst());
    var answer = tenant.post(replica, "/d/services/" + id + "/restart", null, "{}");

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(Http.json(answer).get("code").asText()).isEqualTo("env_required_again");
    // but an agent that is to have none is what was asked for
    assertThat(change(id, "restart", null, "{\"envs\": {}}")).isEqualTo(200);
    assertThat(tenant.services().getFirst().getSpec().envSecret()).isNull();
  }

  @Test
  void aRestartBeforeTheFormerBeganLeavesNoSecretOfTheFormer() {
    var id = created("k", "{\"envs\": {\"A\": \"1\"}}");
    change(id, "restart", "r1", "{\"envs\": {\"A\": \"2\"}}");
    change(id, "restart", "r2", "{\"envs\": {\"A\": \"3\"}}");

    assertThat(tenant.secrets())
        .singleElement()
        .satisfies(
            secret ->
                assertThat(secret.getMetadata().getName())
                    .isEqualTo(tenant.services().getFirst().getSpec().envSecret().name()));
  }

  @Test
  void aRestartThatWasGivenUpIsToldAsSuch() {
    var id = created("k", "{}");
    running(tenant.services().getFirst());
    change(id, "restart", "r1", "{\"envs\": {\"A\": \"1\"}}");
    running(tenant.services().getFirst());
    assertThat(change(id, "restart", "r1", "{\"envs\": {\"A\": \"1\"}}")).isEqualTo(200);

    givenUp(tenant.services().getFirst());

    var path = "/d/services/" + id + "/restart";
    var again = tenant.post(replica, path, "r1", "{\"envs\": {\"A\": \"1\"}}");
    assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
    assertThat(Http.json(again).get("code").asText()).isEqualTo("restart_given_up");
    assertThat(change(id, "restart", "r2", "{\"envs\": {\"A\": \"1\"}}")).isEqualTo(200);
  }

  @Test
  void aDuplicateIsNotRestarted() {
    var id = created("k", "{}");
    tenant.status(
        tenant.services().getFirst(),
        status ->
            status
                .withPhase(Phase.FAILED)
                .withReadinessStatus(
                    ReadinessStatusBuilder.builder().reason("DuplicateIdempotencyKey").build()));

    var answer =
        tenant.post(replica, "/d/services/" + id + "/restart", null, "{\"envs\": {\"A\": \"1\"}}");
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(Http.json(answer).get("code").asText()).isEqualTo("duplicate_service");
    assertThat(tenant.secrets()).isEmpty();
  }

  @Test
  void aRestartOfWhatWasStoppedRunsAgain() {
    var id = created("k", "{}");
    change(id, "stop", null, "{\"reason\": \"enough\"}");
    change(id, "restart", null, null);

    var spec = tenant.services().getFirst().getSpec();
    assertThat(spec.desiredState()).isEqualTo(DesiredState.RUNNING);
    assertThat(spec.stopReason()).isNull();
  }

  @Test
  void aServiceAppliedByHandIsRestartedToo() throws Exception {
    var applied = applied("by-hand");
    tenant.status(applied, status -> status.withObservedGeneration(1L).withPhase(Phase.READY));
    var operator =
        Thread.ofVirtual()
            .start(
                () ->
                    await()
                        .until(
                            () -> {
                              var now = tenant.services().getFirst();
                              if (now.getSpec().restartId() == null) {
                                return false;
                              }
                              tenant.status(
                                  now, status -> status.withRestartId(now.getSpec().restartId()));
                              return true;
                            }));

    assertThat(change(applied.id(), "restart", null, null)).isEqualTo(200);

    operator.join();
    var now = tenant.services().getFirst();
    assertThat(now.getSpec().restartId()).isNotNull().isNotEqualTo(now.getStatus().restartId());
  }

  @Test
  void listsInPagesNewestFirst() {
    var ids = new ArrayList<String>();
    for (var index = 0; index < 5; index++) {
      ids.add(created("k" + index, "{}"));
    }
    var seen = new ArrayList<String>();
    String cursor = null;
    do {
      var page = json("/d/services?limit=2" + (cursor == null ? "" : "&cursor=" + cursor));
      page.get("items").forEach(item -> seen.add(item.get("id").asText()));
      cursor = page.get("next_cursor").isNull() ? null : page.get("next_cursor").asText();
    } while (cursor != null);

    assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(json("/d/services").get("items")).hasSize(5);
  }

  @Test
  void filters() {
    var id = created("k1", "{}");
    created("k2", "{}");
    var one =
        tenant.services().stream()
            .filter(service -> service.id().equals(id))
            .findAny()
            .orElseThrow();
    tenant.status(one, status -> status.withPhase(Phase.READY).withVersionId("d-v1"));

    await().untilAsserted(() -> assertThat(ids("/d/services?status=ready")).containsExactly(id));
    assertThat(ids("/d/services?status=failed")).isEmpty();
    assertThat(ids("/d/services?version_id=d-v1")).hasSize(2);
    assertThat(ids("/d/services?version_id=other")).isEmpty();
  }

  @Test
  void aReplicaThatHearsNothingStillShowsWhatAnotherOneCreated(Kubernetes kubernetes) {
    var cut = Cut.ofWatches();
    cut.on();
    try (var deaf = Replica.of(kubernetes.newClient(cut), Map.of(), Steps.UNHEARD)) {
      var id = created("k", "{}");

      assertThat(tenant.get(deaf, "/d/services/" + id).statusCode()).isEqualTo(200);
      // and lists what it changed itself
      assertThat(tenant.post(deaf, "/d/services/" + id + "/stop", null, null).statusCode())
          .isEqualTo(200);
      assertThat(Http.json(tenant.get(deaf, "/d/services")).get("items")).hasSize(1);
    }
  }

  @Test
  void aServiceAppliedByHandIsShownByItsId() {
    var applied = applied("by-hand");
    await().untilAsserted(() -> assertThat(ids("/d/services")).containsExactly(applied.id()));
    var shown = json("/d/services/" + applied.id());
    assertThat(shown.get("port").asInt()).isEqualTo(8080);
    assertThat(shown.get("version_id").asText()).isEqualTo("d-v1");
    assertThat(shown.get("idempotency_key").isNull()).isTrue();
  }

  @Test
  void aServiceIsShownWhoseDeploymentIsGone() {
    var id = created("k", "{}");
    tenant.deleteDeployment();
    await().until(() -> tenant.get(replica, "/d").statusCode() == 404);

    assertThat(json("/d/services/" + id).get("port").asInt()).isEqualTo(8080);
    assertThat(ids("/d/services")).containsExactly(id);
    assertThat(change(id, "stop", null, null)).isEqualTo(200);
  }

  @Test
  void deploymentsAndVersions() {
    await().untilAsserted(() -> assertThat(json("/").get("items")).hasSize(1));
    var deployment = json("/d");
    assertThat(deployment.get("mode").asText()).isEqualTo("service");
    assertThat(deployment.get("status").asText()).isEqualTo("active");
    assertThat(deployment.get("active_version_id").asText()).isEqualTo("d-v1");
    var version = json("/d/versions").get("items").get(0);
    assertThat(version).isEqualTo(json("/d/versions/d-v1"));
    assertThat(version.get("version_number").asInt()).isEqualTo(1);
    assertThat(version.get("template").asText()).isEqualTo("agent:1");
    assertThat(version.get("service_port").asInt()).isEqualTo(8080);
    assertThat(version.get("status").asText()).isEqualTo("ready");
    assertThat(version.get("cache_policy").asText()).isEqualTo("auto");
    assertThat(version.fieldNames())
        .toIterable()
        .contains("bundle_digest", "install_command", "debug_config", "ready_at");
  }

  private AgentService applied(String name) {
    return tenant.apply(name, AgentServiceSpecBuilder.builder().deployment("d").build());
  }

  /** As the operator leaves it when the agent runs. */
  private void running(AgentService service) {
    tenant.status(
        service,
        status ->
            status
                .withPhase(Phase.READY)
                .withAttempt(1)
                .withRestartId(service.getSpec().restartId()));
  }

  /** As the operator leaves it when the values did not come in time. */
  private void givenUp(AgentService service) {
    tenant.status(
        service,
        status ->
            status.withConditions(
                List.of(
                    new ConditionBuilder()
                        .withType("StartPending")
                        .withStatus("False")
                        .withReason("RestartGivenUp")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .withMessage("")
                        .build())));
  }

  private String created(String key, String body) {
    return Http.json(tenant.create(replica, key, body)).get("id").asText();
  }

  private int change(String id, String change, String key, String body) {
    return tenant.post(replica, "/d/services/" + id + "/" + change, key, body).statusCode();
  }

  private JsonNode json(String path) {
    var answer = tenant.get(replica, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Http.json(answer);
  }

  private List<String> ids(String path) {
    var ids = new ArrayList<String>();
    json(path).get("items").forEach(item -> ids.add(item.get("id").asText()));
    return ids;
  }
}
