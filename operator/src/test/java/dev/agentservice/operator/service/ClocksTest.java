package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.applied;
import static dev.agentservice.operator.service.Situation.failed;
import static dev.agentservice.operator.service.Situation.neverStarted;
import static dev.agentservice.operator.service.Situation.owed;
import static dev.agentservice.operator.service.Situation.ready;
import static dev.agentservice.operator.service.Situation.starting;
import static dev.agentservice.operator.service.Situation.stopped;
import static dev.agentservice.operator.service.Situation.stopping;
import static dev.agentservice.operator.service.Situation.unhealthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClocksTest {

  /** Seconds until the next look; null: only an event brings one. */
  static Stream<Arguments> looks() {
    var waitsForSecret = applied().namesSecret("env-1").secretAbsent();
    return Stream.of(
        arguments("ready", ready(), null),
        arguments("unhealthy", unhealthy(), null),
        arguments("stopping", stopping(), null),
        arguments("stopped", stopped(), null),
        arguments("failed", failed(Reason.EXITED), null),
        arguments("starting, until its deadline", starting().at(60), 60),
        arguments("young start, until it is written", starting().at(1), 2),
        arguments(
            "no deployment, until the deadline",
            applied().unavailable(Reason.DEPLOYMENT_NOT_FOUND, "echo").startPendingSince(0).at(20),
            100),
        arguments("Secret missing, asked soon", waitsForSecret.startPendingSince(0).at(2), 1),
        arguments(
            "Secret missing, asked less often", waitsForSecret.startPendingSince(0).at(80), 20),
        arguments(
            "and less",
            neverStarted(Reason.ENV_SECRET_NOT_FOUND)
                .namesSecret("env-1")
                .secretAbsent()
                .startPendingSince(50)
                .at(9_000),
            60),
        arguments(
            "restart waits for a version that is gone, until its deadline",
            ready()
                .restart()
                .unavailable(Reason.VERSION_NOT_FOUND, "echo-v1")
                .startPendingSince(60)
                .at(80),
            100),
        arguments(
            "back to running, no deployment: until the deadline of this wait",
            stopped().run().unavailable(Reason.DEPLOYMENT_NOT_FOUND, "echo").at(9_000),
            120),
        arguments(
            "all is there for a restart, the old pod leaves", stopping().run().restart(), null),
        arguments("pod refused", owed().podOverQuota().at(30), 5),
        arguments("ttl over, until the watch says so", failed(Reason.EXITED).ttl(60).at(110), 5),
        arguments(
            "ttl over, the deletion refused for long",
            failed(Reason.EXITED).ttl(60).recordNotDeleted().at(230),
            30),
        arguments(
            "failed, its Secret still there",
            failed(Reason.EXITED).withTransientEnv().secretLeft().secretNotDeleted().at(9_000),
            60),
        arguments("just failed, to release", ready().never().exited(1), 0),
        arguments("fourth loss in a row", unhealthy().recoveries(3).lostAt(30).gone().at(35), 15),
        arguments("injected, until the last look", ready().withTransientEnv().at(102), 500),
        arguments("swept", ready().withTransientEnv().swept().at(700), null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("looks")
  void untilNextLook(String what, Situation situation, Integer seconds) {
    var seen = situation.seen();

    assertThat(Clocks.untilNextLook(seen, Rules.verdict(seen)).map(Duration::toSeconds))
        .as(what)
        .isEqualTo(java.util.Optional.ofNullable(seconds).map(Integer::longValue));
  }

  /** The HTTP API writes the service first and the Secret right after it. */
  static Stream<Arguments> looksForAnAwaitedSecret() {
    return Stream.of(
        arguments("made a moment ago", applied().namesSecret("env-1").secretAbsent().at(0), 25),
        arguments(
            "told that it waits",
            applied()
                .status(status -> status.withObservedGeneration(1L))
                .namesSecret("env-1")
                .secretAbsent()
                .at(1),
            100),
        arguments("restarted", ready().restart().namesSecret("env-2").secretAbsent(), 100),
        arguments(
            "back to running: the former attempt's deadline means nothing",
            stopped().run().namesSecret("env-2").secretAbsent().at(9_000),
            100));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void looksForAnAwaitedSecret(String what, Situation situation, long millis) {
    var seen = situation.seen();

    assertThat(Clocks.untilNextLook(seen, Rules.verdict(seen)))
        .as(what)
        .hasValue(Duration.ofMillis(millis));
  }

  @Test
  void theDeadlineIsTheRecipesOwn() {
    var slow = starting().recipe(template -> template.withStartTimeoutSeconds(600)).at(599);

    assertThat(slow.verdict()).isEqualTo("starting Starting");
    assertThat(slow.at(600).verdict()).isEqualTo("failed StartDeadlineExceeded");
  }
}
