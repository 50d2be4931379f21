package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.applied;
import static dev.agentservice.operator.service.Situation.failed;
import static dev.agentservice.operator.service.Situation.owed;
import static dev.agentservice.operator.service.Situation.ready;
import static dev.agentservice.operator.service.Situation.starting;
import static dev.agentservice.operator.service.Situation.stopped;
import static dev.agentservice.operator.service.Situation.stopping;
import static dev.agentservice.operator.service.Situation.unhealthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code kubectl describe} shows below the status. */
class AnnouncementsTest {

  static List<Arguments> transitions() {
    return List.of(
        arguments("first look", applied(), "Normal Starting"),
        arguments(
            "waits",
            applied().unavailable(Reason.DEPLOYMENT_NOT_FOUND, "x"),
            "Warning DeploymentNotFound"),
        arguments(
            "its turn comes",
            applied().unavailable(Reason.DEPLOYMENT_PENDING, "x"),
            "Normal DeploymentPending"),
        arguments("ready", starting().serving(), "Normal Serving"),
        arguments("no node", starting().waiting(Reason.UNSCHEDULABLE), "Warning Unschedulable"),
        arguments("check fails", ready().probeFails(), "Warning ProbeFailed"),
        arguments("ready again", unhealthy().serving(), "Normal Serving"),
        arguments("fails", ready().never().exited(1), "Warning Exited"),
        arguments("done", ready().never().exited(0), "Normal Completed"),
        arguments("stopping", ready().stop(), "Normal Stopping"),
        arguments("stopped", stopping().gone(), "Normal Stopped"),
        arguments("another reason", unhealthy().leaving(), "Warning SandboxLost"),
        arguments(
            "a restart waits",
            ready().restart().namesSecret("env-2").secretAbsent(),
            "Warning EnvSecretNotFound"),
        arguments(
            "a restart is given up",
            ready().restart().namesSecret("env-2").secretAbsent().startPendingSince(0).at(200),
            "Warning RestartGivenUp"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transitions")
  void told(String what, Situation situation, String expected) {
    assertThat(news(situation)).containsExactly(expected);
  }

  static List<Arguments> nothingNew() {
    return List.of(
        arguments("at rest", ready().serving()),
        arguments("still starting", starting().waiting(null)),
        arguments("still owed", owed().podRefused(403).lastReason("PodRefused")),
        arguments("over", failed(Reason.EXITED)),
        arguments("stopped", stopped()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nothingNew")
  void notToldAgain(String what, Situation situation) {
    assertThat(news(situation)).isEmpty();
  }

  @Test
  void theWordsAreThoseOfStatus() {
    var seen = ready().probeFails().seen();
    var status = ServiceStatus.of(seen);

    var news = Announcements.between(seen.status(), status).getFirst();

    assertThat(news.reason()).isEqualTo(status.readinessStatus().reason());
    assertThat(news.note()).isEqualTo(status.readinessStatus().message());
  }

  private static List<String> news(Situation situation) {
    var seen = situation.seen();
    return Announcements.between(seen.service().getStatus(), ServiceStatus.of(seen)).stream()
        .map(news -> (news.trouble() ? "Warning " : "Normal ") + news.reason())
        .toList();
  }
}
