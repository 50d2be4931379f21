package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.e2e.chaos.ApiProcess;
import dev.agentservice.e2e.chaos.ApiProxy;
import dev.agentservice.e2e.chaos.Repository;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A replica of the HTTP API that is killed by SIGKILL between any two of its writes, and the same
 * call sent again to another one.
 */
class ApiFaultsTest {

  private static final String SERVICES = "/d/services";
  private static final Canary FIRST = Canary.random();
  private static final Canary SECOND = Canary.random();

  @AutoClose private final Tenant tenant = Tenant.create();
  private final ApiCaller user = tenant.caller("agentservice-api-user");
  @TempDir private Path work;

  @ParameterizedTest(name = "its {0} of {1} arrives: {2}")
  @CsvSource({"POST, agentservices, false", "POST, agentservices, true", "POST, secrets, true"})
  void aCreateIsFinishedByTheNext(String method, String plural, boolean arrives) {
    tenant.applyDeployment(template -> template);
    tenant.activeVersion();
    killedAt(method, plural, arrives, SERVICES, "order", FIRST);
    assertThat(tenant.services()).hasSize(arrives ? 1 : 0);

    var again = user.post(SERVICES, "order", envs(FIRST));
    assertThat(again.status()).isEqualTo(201);
    var id = again.body().path("id").asText();
    awaitReady(id, 1, FIRST);
    assertThat(user.post(SERVICES, "order", envs(FIRST)).body().path("id").asText()).isEqualTo(id);
    assertThat(tenant.services()).hasSize(1);
    assertThat(tenant.pods()).hasSize(1);
    awaitNoSecrets();
  }

  @ParameterizedTest(name = "its {0} of {1} arrives: {2}")
  @CsvSource({"PUT, agentservices, false", "PUT, agentservices, true", "POST, secrets, true"})
  void aRestartIsFinishedByTheNextAndHurtsNoAgentBefore(
      String method, String plural, boolean arrives) {
    tenant.applyDeployment(template -> template);
    tenant.activeVersion();
    var id = user.post(SERVICES, "order", envs(FIRST)).body().path("id").asText();
    var sandbox = awaitReady(id, 1, FIRST).path("sandbox_id").asText();
    var restart = SERVICES + "/" + id + "/restart";
    killedAt(method, plural, arrives, restart, "again", SECOND);
    if (plural.equals("agentservices")) { // the values are still to come
      if (arrives) {
        tenant.await(name(id), service -> assertThat(RestartTest.pending(service)).isNotNull());
      }
      assertThat(awaitReady(id, 1, FIRST).path("sandbox_id").asText()).isEqualTo(sandbox);
    }

    assertThat(user.post(restart, "again", envs(SECOND)).status()).isEqualTo(200);
    awaitReady(id, 2, SECOND);
    var wanted = tenant.service(name(id)).getSpec();
    assertThat(user.post(restart, "again", envs(SECOND)).status()).isEqualTo(200);
    assertThat(tenant.service(name(id)).getSpec()).isEqualTo(wanted);
    assertThat(tenant.pods()).hasSize(1);
    awaitNoSecrets();
  }

  /** Sends the call to a replica that is killed while this write of it is under way. */
  private void killedAt(
      String method, String plural, boolean arrives, String path, String key, Canary value) {
    var rights = Repository.grantApiRights(work);
    try (var way = new ApiProxy(rights);
        var api =
            ApiProcess.start(
                way.kubeconfig(rights, work.resolve("kubeconfig")), work.resolve("api.log"))) {
      Tenant.patiently().until(api::isReady);
      var write = way.loseWrites(method, plural, arrives);
      var caller = new ApiCaller(api.uri(), user.token());
      var call = new FutureTask<>(() -> caller.post(path, key, envs(value)));
      Thread.ofVirtual().start(call);
      Tenant.patiently().until(write::isUnderWay);
      api.kill();
      assertThatThrownBy(call::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UncheckedIOException.class);
    }
  }

  private JsonNode awaitReady(String id, int attempt, Canary value) {
    tenant.awaitReady(name(id), attempt);
    assertThat(tenant.agent(name(id)).has("API_TOKEN", value.value())).isTrue();
    return user.get(SERVICES + "/" + id).body();
  }

  private void awaitNoSecrets() {
    Tenant.patiently().until(() -> tenant.bash("kubectl get secrets -o name"), String::isBlank);
  }

  private static Map<String, ?> envs(Canary value) {
    return Map.of("envs", Map.of("API_TOKEN", value.value()));
  }

  /** Of the AgentService with that id. */
  private static String name(String id) {
    return id.replace('_', '-');
  }
}
