package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentservice.e2e.ApiCaller.Answer;
import dev.agentservice.e2e.chaos.SimulatedNodes;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A thousand creates through the HTTP API, each with a value of its own, on simulated nodes: their
 * values are nowhere. That a real process gets its value, {@link ApiTest} shows.
 */
@Isolated("it takes all that the machine has")
class ThousandSecretsTest {

  private static final int SERVICES = 1000;
  private static final int CALLERS = 16;
  private static final int NODES = 10;
  private static final int TOO_MANY_REQUESTS = 429;

  /** For all of them together; nothing is measured by it. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Every value begins with it and goes on with a number, so one search finds any of them. */
  private static final Canary CANARY = Canary.random();

  private static Tenant tenant;

  @BeforeAll
  @Timeout(value = 12, unit = TimeUnit.MINUTES)
  static void allAreReady() throws InterruptedException, ExecutionException {
    Node.assumeOurs("that of a thousand values none is found anywhere");
    SimulatedNodes.provide(NODES);
    tenant = Tenant.create();
    tenant.applyDeployment(
        template ->
            template
                .withImage(SimulatedNodes.IMAGE)
                .withReadiness(null)
                .withStartTimeoutSeconds((int) PATIENCE.toSeconds())
                .withPodOverrides(SimulatedNodes.placement()));
    tenant.activeVersion();
    createAll(tenant.caller("agentservice-api-user"));
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(tenant.services().stream().map(ThousandSecretsTest::phase))
                    .hasSize(SERVICES)
                    .containsOnly(Phase.READY));
  }

  @AfterAll
  @Timeout(value = 12, unit = TimeUnit.MINUTES)
  static void theyGo() {
    if (tenant == null) {
      return;
    }
    tenant.close();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(tenant.pods()).isEmpty());
    SimulatedNodes.provide(0); // not before its pods have gone: who would say that they ended?
  }

  @Test
  void everySecretIsGone() {
    var secrets = tenant.client().secrets().inNamespace(tenant.namespace()).list().getItems();
    assertThat(secrets).extracting(secret -> secret.getMetadata().getName()).isEmpty();
  }

  @Test
  void noObjectHoldsOne() {
    var everything = Cluster.everyObject();
    assertThat(everything.split("idempotency-key: order-", -1))
        .as("the search works: it finds the services")
        .hasSizeGreaterThanOrEqualTo(SERVICES);
    CANARY.assertHiddenIn(everything);
  }

  @Test
  void noReplicaLoggedOne() {
    var shown = Map.of("operator", tenant.namespace(), "api", "services 201 ");
    shown.forEach(
        (component, words) -> {
          var log = Cluster.log(component);
          assertThat(log.contains(words)).as("the log of that time of " + component).isTrue();
          CANARY.assertHiddenIn(log);
        });
  }

  @Test
  void noMetricTellsOne() {
    for (var component : List.of("operator", "api")) {
      assertThat(Cluster.metrics(component))
          .isNotEmpty()
          .allSatisfy(told -> assertThat(told).contains("agentservice_"))
          .allSatisfy(CANARY::assertHiddenIn);
    }
  }

  @Test
  void theAuditLogHasNone() throws IOException {
    assumeTrue(Cluster.auditLog().isPresent(), "CLUSTER_AUDIT_LOG names no audit log");
    var log = Files.readString(Cluster.auditLog().get());
    assertThat(log.contains("/namespaces/%s/secrets".formatted(tenant.namespace())))
        .as("it is the log of that time")
        .isTrue();
    CANARY.assertHiddenIn(log);
  }

  @Test
  void theDatabaseNeverHadOne() throws IOException {
    var found = false;
    for (var file : Node.files("etcd")) {
      var content = Node.content(file);
      found |= content.contains("/secrets/" + tenant.namespace());
      CANARY.assertHiddenIn(content);
    }
    assertThat(found).as("the search works: it finds the Secrets' keys").isTrue();
  }

  @Test
  void noComponentLoggedOne() throws IOException {
    for (var file : Node.files("log")) {
      CANARY.assertHiddenIn(Files.readString(file));
    }
  }

  private static void createAll(ApiCaller user) throws InterruptedException, ExecutionException {
    var calls = new Semaphore(CALLERS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var created =
          IntStream.range(0, SERVICES)
              .<Future<Answer>>mapToObj(
                  number ->
                      threads.submit(
                          () -> {
                            calls.acquire();
                            try {
                              return create(user, number);
                            } finally {
                              calls.release();
                            }
                          }))
              .toList();
      for (var answer : created) {
        assertThat(answer.get().status()).isEqualTo(HttpURLConnection.HTTP_CREATED);
        CANARY.assertHiddenIn(Serialization.asJson(answer.get().body()));
      }
    }
  }

  /** As a client does that was told to come again. */
  private static Answer create(ApiCaller user, int number) throws InterruptedException {
    var envs = Map.of("envs", Map.of("API_TOKEN", CANARY.value() + "-" + number));
    var answer = user.post("/d/services", "order-" + number, envs);
    while (answer.status() == TOO_MANY_REQUESTS) {
      Thread.sleep(Duration.ofSeconds(Long.parseLong(answer.header("retry-after").orElseThrow())));
      answer = user.post("/d/services", "order-" + number, envs);
    }
    return answer;
  }

  private static Phase phase(AgentService service) {
    return service.getStatus().phase();
  }
}
