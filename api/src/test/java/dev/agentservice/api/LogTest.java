package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.api.service.Steps;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** An agent's log over HTTP, where its node gives what a kubelet gives. */
@OnApiServer
class LogTest {

  private static final String PREVIOUS =
      """
      2026-01-01T00:00:01.000000000Z one
      2026-01-01T00:00:02.000000000Z two
      2026-01-01T00:00:03.000000000Z crashed
      """;
  private static final String CURRENT =
      """
      2026-01-01T00:00:04.000000000Z four
      2026-01-01T00:00:05.000000000Z five
      """;
  private static final ContainerState RAN =
      new ContainerStateBuilder().withNewTerminated().withExitCode(1).endTerminated().build();
  private static final ContainerState RUNS =
      new ContainerStateBuilder().withNewRunning().endRunning().build();
  private static final ContainerState WAITS =
      new ContainerStateBuilder().withNewWaiting().endWaiting().build();

  @AutoClose private final StandIn node = StandIn.ofLogs(LogTest::log);
  private final Tenant tenant;
  @AutoClose private final Replica replica;
  private final String path;

  LogTest(Kubernetes kubernetes) {
    tenant = Tenant.in(kubernetes).withDeployment();
    replica = Replica.of(kubernetes.newClient(node), Map.of(), Steps.UNHEARD);
    var id = Http.json(tenant.create(replica, "k", "{}")).get("id").asText();
    path = "/d/services/" + id + "/logs";
  }

  @Test
  void theEndOfACrashedAgentsLogIsThatOfItsFormerRun() {
    sandbox(RAN, WAITS);

    assertThat(messages(read("?tail=2"))).containsExactly("two", "crashed");
  }

  @Test
  void theEndGoesBackIntoTheFormerRun() {
    sandbox(RAN, RUNS);

    assertThat(messages(read("?tail=1"))).containsExactly("five");
    assertThat(messages(read("?tail=3"))).containsExactly("crashed", "four", "five");
    var all = read("?tail=100");
    assertThat(messages(all)).containsExactly("one", "two", "crashed", "four", "five");
    assertThat(messages(read("?cursor=" + all.get("next_cursor").asText()))).isEmpty();
  }

  @Test
  void pagesByCursorAndByOffset() {
    sandbox(RAN, RUNS);

    var first = read("?limit=2");
    assertThat(messages(first)).containsExactly("one", "two");
    assertThat(first.get("has_more").asBoolean()).isTrue();
    var second = read("?limit=2&cursor=" + first.get("next_cursor").asText());
    assertThat(messages(second)).containsExactly("crashed", "four");
    assertThat(second.get("offset").asInt()).isEqualTo(2);
    var last = read("?offset=4");
    assertThat(messages(last)).containsExactly("five");
    assertThat(last.get("has_more").asBoolean()).isFalse();
    assertThat(last.get("events").get(0).get("created_at").asText())
        .startsWith("2026-01-01T00:00:05");
    assertThat(tenant.get(replica, path + "?offset=1&tail=1").statusCode()).isEqualTo(400);
  }

  @Test
  void aServiceWithoutASandboxHasNone() {
    var log = read("");

    assertThat(log.get("events")).isEmpty();
    assertThat(log.get("next_cursor").isNull()).isTrue();
  }

  private void sandbox(ContainerState previous, ContainerState current) {
    tenant.pod("sandbox", previous, current);
    tenant.status(
        tenant.services().getFirst(), status -> status.withSandboxId("sandbox").withAttempt(1));
    await().until(() -> !read("").get("events").isEmpty());
  }

  /** As a kubelet does: a run's lines from a time on, the last ones of them. */
  private static String log(String query) {
    var asked =
        Arrays.stream(query.split("&", -1))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    var lines =
        (asked.get("previous").equals("true") ? PREVIOUS : CURRENT)
            .lines()
            .filter(line -> line.compareTo(asked.getOrDefault("sinceTime", "")) >= 0)
            .toList();
    var tail = Integer.parseInt(asked.getOrDefault("tailLines", "1000"));
    return String.join("\n", lines.subList(Math.max(0, lines.size() - tail), lines.size()));
  }

  private JsonNode read(String query) {
    var answer = tenant.get(replica, path + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Http.json(answer);
  }

  private static List<String> messages(JsonNode log) {
    return log.get("events").findValuesAsText("message");
  }
}
