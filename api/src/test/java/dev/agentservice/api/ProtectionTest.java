package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentservice.api.service.Steps;
import dev.agentservice.api.service.Steps.Step;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that are many, large, or no callers at all. */
@OnApiServer
class ProtectionTest {

  private final Kubernetes kubernetes;
  private final Tenant tenant;

  ProtectionTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
    tenant = Tenant.in(kubernetes).withDeployment();
  }

  @Test
  void whatIsNoHttpGetsAProblemToo() throws Exception {
    try (var replica = Replica.of(kubernetes)) {
      for (var text :
          List.of(
              "GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(40_000) + "\r\n\r\n",
              "GET /v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")) {
        var answer = RawHttp.send(replica.port(), text);
        assertThat(answer.status()).as(text.substring(0, 8)).isBetween(400, 499);
        assertThat(answer.body()).contains("\"code\":", "\"request_id\":");
      }
    }
  }

  @Test
  void aConnectionThatIsToCloseCloses() throws Exception {
    try (var replica = Replica.of(kubernetes)) {
      var answer = RawHttp.post(replica, "/d/services", "none", List.of("k"), "{}");
      assertThat(answer.status()).isEqualTo(401);
    }
  }

  /**
   * Neither a head that does not end, nor answers that nobody reads, hold a connection for ever.
   */
  @ParameterizedTest
  @ValueSource(strings = {"a", "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"})
  @Timeout(90)
  void aSlowClientIsNotWaitedFor(String bytes) throws Exception {
    try (var replica = Replica.of(kubernetes);
        var socket = new Socket(InetAddress.getLoopbackAddress(), replica.port())) {
      var slow = bytes.length() == 1;
      assertThatThrownBy(
              () -> {
                while (true) {
                  socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
                  if (slow) {
                    Thread.sleep(500);
                  }
                }
              })
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  @Timeout(90)
  void aBodyThatTricklesInIsNotWaitedFor() throws Exception {
    try (var replica = Replica.of(kubernetes);
        var socket = new Socket(InetAddress.getLoopbackAddress(), replica.port())) {
      var head =
          """
          POST /v1/agent-deployments/d/services HTTP/1.1
          Host: x
          Connection: close
          Idempotency-Key: k
          Content-Length: 1000
          Authorization: Bearer %s

          """
              .replace("\n", "\r\n")
              .formatted(tenant.user());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      var answer = new FutureTask<>(() -> RawHttp.read(socket));
      Thread.ofVirtual().start(answer);
      while (!answer.isDone()) {
        socket.getOutputStream().write(' ');
        Thread.sleep(500);
      }
      assertThat(answer.get().status()).isEqualTo(408);
      assertThat(answer.get().body()).contains("\"code\":\"request_timeout\"");
    }
  }

  @Test
  void moreThanCanBeWorkedOnAreToldToComeAgain() throws Exception {
    var steps = new PausingSteps(Step.CLAIM);
    try (var replica = Replica.of(kubernetes.newClient(), Map.of("REQUESTS_AT_ONCE", "1"), steps)) {
      var first = new FutureTask<HttpResponse<String>>(() -> tenant.create(replica, "k", "{}"));
      Thread.ofVirtual().start(first);
      steps.awaitCall();

      var second = tenant.get(replica, "/d");

      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(Http.json(second).get("code").asText()).isEqualTo("overloaded");
      assertThat(Http.json(second).get("retryable").asBoolean()).isTrue();
      assertThat(second.headers().firstValue("Retry-After")).contains("1");
      // nor is Kubernetes asked whether a caller may, before there is place
      var url = Tenant.request(replica, tenant.viewer(), "/d/services/x/url").build();
      assertThat(Http.send(url).statusCode()).isEqualTo(503);
      // a probe is no caller
      assertThat(Http.get(replica.healthPort(), "/readyz").statusCode()).isEqualTo(200);
      steps.release();
      assertThat(first.get().statusCode()).isEqualTo(201);
      await().until(() -> tenant.get(replica, "/d").statusCode() == 200);
    }
  }

  @Test
  void aTenantThatCreatesTooFastIsSlowedAndNoOtherIs() {
    var neighbour = Tenant.in(kubernetes).withDeployment();
    try (var replica =
        Replica.of(kubernetes.newClient(), Map.of("CREATES_PER_SECOND", "1"), Steps.UNHEARD)) {
      HttpResponse<String> answer = null;
      for (var index = 0; index < 40 && (answer == null || answer.statusCode() == 201); index++) {
        answer = tenant.create(replica, "k" + index, "{}");
      }
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(Http.json(answer).get("code").asText()).isEqualTo("too_many_creates");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(neighbour.create(replica, "k", "{}").statusCode()).isEqualTo(201);
    }
  }

  @Test
  void answersThatAreUnderWayAreGivenBeforeItEnds() throws Exception {
    var steps = new PausingSteps(Step.CLAIM);
    var replica = Replica.of(kubernetes, steps);
    var call = new FutureTask<HttpResponse<String>>(() -> tenant.create(replica, "k", "{}"));
    Thread.ofVirtual().start(call);
    steps.awaitCall();
    var closing = Thread.ofVirtual().start(replica::close);
    await().until(() -> !takesCalls(replica));
    steps.release();

    assertThat(call.get().statusCode()).isEqualTo(201);
    closing.join();
  }

  private static boolean takesCalls(Replica replica) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), replica.port())) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void anApiServerThatIsAwayIsToldAsSuch() {
    var cut = Cut.ofAll();
    try (var replica = Replica.of(kubernetes.newClient(cut), Map.of(), Steps.UNHEARD)) {
      assertThat(tenant.get(replica, "/d").statusCode()).isEqualTo(200);
      cut.on();
      await()
          .untilAsserted(
              () -> {
                var answer = tenant.create(replica, "k", "{}");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(Http.json(answer).get("code").asText())
                    .isEqualTo("kubernetes_unavailable");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
              });
      cut.off();
      assertThat(tenant.create(replica, "k", "{}").statusCode()).isEqualTo(201);
    }
  }

  @Test
  void metricsSayHowManyWereAnswered() {
    try (var replica = Replica.of(kubernetes)) {
      tenant.create(replica, "k", "{\"envs\": {\"A\": \"canary-77\"}}");
      tenant.get(replica, "/nothing");

      await()
          .untilAsserted(
              () ->
                  assertThat(Http.get(replica.healthPort(), "/metrics").body())
                      .contains(
                          "agentservice_api_requests_seconds_count{method=\"POST\","
                              + "route=\"/v1/agent-deployments/{deployment}/services\","
                              + "status=\"201\"} 1")
                      .doesNotContain("canary-77", tenant.namespace()));
    }
  }
}
