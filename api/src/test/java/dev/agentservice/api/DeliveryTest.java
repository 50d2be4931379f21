package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.api.service.Steps;
import dev.agentservice.api.service.Steps.Step;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A create that is interrupted anywhere: nothing is lost, nothing is left behind. */
@OnApiServer
class DeliveryTest {

  private static final String ENVS =
      """
      {"envs": {"API_TOKEN": "secret-value"}}""";

  private final Kubernetes kubernetes;
  private final Tenant tenant;
  @AutoClose private final Replica healthy;

  DeliveryTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
    tenant = Tenant.in(kubernetes).withDeployment();
    healthy = Replica.of(kubernetes);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FORGET")
  void aCreateThatDiesIsResumedByTheNext(Step step) throws Exception {
    try (var dying = ReplicaProcess.start(kubernetes, step)) {
      assertThat(dying.create(tenant, "key-1", ENVS)).isEmpty();
      assertThat(dying.exitCode()).isEqualTo(137);
    }

    var again = tenant.create(healthy, "key-1", ENVS);

    assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
    assertThat(tenant.services()).hasSize(1);
    assertThat(tenant.secrets()).singleElement().satisfies(DeliveryTest::hasTheValue);
    assertThat(tenant.secrets().getFirst().getMetadata().getName())
        .isEqualTo(tenant.services().getFirst().getSpec().envSecret().name());
  }

  /**
   * The agent that runs is left alone until the new values are there, and no values stay behind.
   */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CLAIM")
  void aRestartThatDiesIsResumedByTheNext(Step step) throws Exception {
    var id = Http.json(tenant.create(healthy, "key-1", ENVS)).get("id").asText();
    var path = "/d/services/" + id + "/restart";
    var values = ENVS.replace("secret-value", "new-value");
    try (var dying = ReplicaProcess.start(kubernetes, step)) {
      assertThat(dying.post(tenant, path, "key-r", values)).isEmpty();
      assertThat(dying.exitCode()).isEqualTo(137);
    }
    var asked = tenant.services().getFirst().getSpec();

    var again = tenant.post(healthy, path, "key-r", values);

    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(tenant.services().getFirst().getSpec()).isEqualTo(asked);
    assertThat(tenant.secrets())
        .singleElement()
        .satisfies(secret -> hasTheValue(secret, "new-value"))
        .satisfies(
            secret ->
                assertThat(secret.getMetadata().getName()).isEqualTo(asked.envSecret().name()));
  }

  static Stream<Arguments> whilePaused() {
    return Stream.of(
        arguments("its service is deleted", change((tenant, service) -> tenant.delete(service))),
        arguments("its service is stopped", change(DeliveryTest::stopped)),
        arguments("a retry delivered, and the agent runs", change(DeliveryTest::consumed)),
        arguments(
            "its service failed for good",
            change(
                (tenant, service) ->
                    tenant.status(
                        service,
                        status ->
                            status
                                .withPhase(Phase.FAILED)
                                .withReadinessStatus(
                                    ReadinessStatusBuilder.builder()
                                        .reason("DuplicateIdempotencyKey")
                                        .build())))));
  }

  private static BiConsumer<Tenant, AgentService> change(BiConsumer<Tenant, AgentService> change) {
    return change;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whilePaused")
  void aWriterPausedBeforeItsSecretLeavesNone(
      String meanwhile, BiConsumer<Tenant, AgentService> change) throws Exception {
    pausedAt(
        Step.SECRET,
        () -> {
          change.accept(tenant, tenant.services().getFirst());
          tenant.deleteSecrets();
        });

    assertThat(tenant.secrets()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("whilePaused")
  void aWriterPausedAfterItsSecretLeavesNone(
      String meanwhile, BiConsumer<Tenant, AgentService> change) throws Exception {
    pausedAt(Step.SECOND_LOOK, () -> change.accept(tenant, tenant.services().getFirst()));

    assertThat(tenant.secrets()).isEmpty();
  }

  @Test
  void aWriterPausedWhileItsServiceFailsForWantOfTheSecretMendsIt() throws Exception {
    pausedAt(
        Step.SECRET,
        () ->
            tenant.status(
                tenant.services().getFirst(),
                status ->
                    status
                        .withPhase(Phase.FAILED)
                        .withReadinessStatus(
                            ReadinessStatusBuilder.builder().reason("EnvSecretNotFound").build())));

    assertThat(tenant.secrets()).singleElement().satisfies(DeliveryTest::hasTheValue);
  }

  @Test
  void aRetryAfterARestartDoesNotBringTheOldValues() {
    var created = tenant.create(healthy, "key-1", ENVS);
    consumed(tenant, tenant.services().getFirst());
    tenant.deleteSecrets();
    var id = Http.json(created).get("id").asText();
    var restarted =
        tenant.post(
            healthy,
            "/d/services/" + id + "/restart",
            "key-r",
            ENVS.replace("secret-value", "new-value"));
    assertThat(restarted.statusCode()).as(restarted.body()).isEqualTo(200);
    tenant.deleteSecrets();

    assertThat(tenant.create(healthy, "key-1", ENVS).statusCode()).isEqualTo(201);

    assertThat(tenant.secrets()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"agentservices", "secrets"})
  void aConflictThatIsNoNamesakeIsToBeTriedAgain(String plural) {
    try (var quota = StandIn.refusingCreates(plural, 409, "Conflict");
        var replica = Replica.of(kubernetes.newClient(quota), Map.of(), Steps.UNHEARD)) {
      var answer = tenant.create(replica, "key-1", ENVS);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(Http.json(answer).get("retryable").asBoolean()).isTrue();
      quota.off();

      assertThat(tenant.create(replica, "key-1", ENVS).statusCode()).isEqualTo(201);
      assertThat(tenant.secrets()).singleElement().satisfies(DeliveryTest::hasTheValue);
    }
  }

  @Test
  void aQuotaThatIsFullByThenDoesNotRefuseWhatIsThere() throws Exception {
    try (var quota = StandIn.refusingCreates("agentservices", 403, "Forbidden")) {
      var answer =
          pausedAt(
              Step.CLAIM,
              () -> {
                tenant.create(healthy, "key-1", ENVS);
                consumed(tenant, tenant.services().getFirst());
              },
              quota);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      assertThat(answer.headers().firstValue("Idempotent-Replayed")).contains("true");
    }
    try (var quota = StandIn.refusingCreates("agentservices", 403, "Forbidden");
        var replica = Replica.of(kubernetes.newClient(quota), Map.of(), Steps.UNHEARD)) {
      assertThat(tenant.create(replica, "key-2", ENVS).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aQuotaThatIsFullByThenDoesNotRefuseValuesThatArrived() throws Exception {
    try (var quota = StandIn.refusingCreates("secrets", 403, "Forbidden")) {
      var answer =
          pausedAt(Step.SECRET, () -> consumed(tenant, tenant.services().getFirst()), quota);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
  }

  @Test
  void aQuotaThatIsFullByThenDoesNotRefuseValuesThatWait() {
    tenant.create(healthy, "key-1", ENVS);
    try (var quota = StandIn.refusingCreates("secrets", 403, "Forbidden");
        var replica = Replica.of(kubernetes.newClient(quota), Map.of(), Steps.UNHEARD)) {
      var again = tenant.create(replica, "key-1", ENVS);
      assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
      assertThat(tenant.secrets()).singleElement().satisfies(DeliveryTest::hasTheValue);

      assertThat(tenant.create(replica, "key-2", ENVS).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void aRetryWhoseServiceWasGivenASecretByHandLeavesThatAlone() throws Exception {
    tenant.create(healthy, "key-1", ENVS);
    tenant.deleteSecrets();
    var victim = tenant.secret("victim");
    named(victim);
    var steps = new PausingSteps(Step.SECOND_LOOK);
    try (var replica = Replica.of(kubernetes, steps)) {
      var call = new FutureTask<HttpResponse<String>>(() -> tenant.create(replica, "key-1", ENVS));
      Thread.ofVirtual().start(call);
      await().until(() -> call.isDone() || steps.isReached());
      stopped(tenant, tenant.services().getFirst());
      steps.release();
      assertThat(call.get().statusCode()).isEqualTo(201);
    }

    assertThat(tenant.secrets())
        .extracting(secret -> secret.getMetadata().getUid())
        .containsExactly(victim.getMetadata().getUid());
  }

  private void named(Secret secret) {
    tenant.edit(
        tenant.services().getFirst(),
        current -> {
          current.setSpec(
              current.getSpec().withEnvSecret(new EnvSecret(secret.getMetadata().getName())));
          return current;
        });
  }

  private static void stopped(Tenant tenant, AgentService service) {
    tenant.edit(
        service,
        current -> {
          current.setSpec(current.getSpec().withDesiredState(DesiredState.STOPPED));
          return current;
        });
  }

  /** Holds a create at a step, lets something happen, and lets it go on. */
  private HttpResponse<String> pausedAt(Step step, Runnable meanwhile, Interceptor... interceptors)
      throws Exception {
    var steps = new PausingSteps(step);
    try (var replica = Replica.of(kubernetes.newClient(interceptors), Map.of(), steps)) {
      var call = new FutureTask<HttpResponse<String>>(() -> tenant.create(replica, "key-1", ENVS));
      Thread.ofVirtual().start(call);
      steps.awaitCall();
      meanwhile.run();
      steps.release();
      return call.get();
    }
  }

  /** As the operator leaves it when the agent runs. */
  private static void consumed(Tenant tenant, AgentService service) {
    tenant.status(
        service,
        status ->
            status
                .withPhase(Phase.READY)
                .withAttempt(1)
                .withRestartId(service.getSpec().restartId())
                .withEnvSecretName(service.getSpec().envSecret().name())
                .withConditions(
                    List.of(
                        new ConditionBuilder()
                            .withType("EnvInjected")
                            .withStatus("True")
                            .withReason("Injected")
                            .withLastTransitionTime("2026-01-01T00:00:00Z")
                            .withMessage("")
                            .build())));
  }

  private static void hasTheValue(Secret secret) {
    hasTheValue(secret, "secret-value");
  }

  private static void hasTheValue(Secret secret, String value) {
    assertThat(Base64.getDecoder().decode(secret.getData().get("API_TOKEN")))
        .asString()
        .isEqualTo(value);
  }
}
