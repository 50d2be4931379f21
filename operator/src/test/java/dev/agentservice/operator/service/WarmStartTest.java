package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A start with env in a sandbox that waited: before each of its writes the operator dies, or
 * somebody comes in between. Every law of {@link WalkLaw} is asked after each step.
 */
class WarmStartTest {

  private static final int WRITES = 7;

  private final Walk walk = new Walk();

  @Test
  void itsWrites() {
    start(WalkPass.PLAIN);

    assertThat(walk.operator().lastPass())
        .containsSubsequence(
            "OwnSecret",
            "BeginAttempt 1",
            "TakeSandbox",
            "CreateFront",
            "DeliverEnv",
            "RecordProcess",
            "ForgetSecret");
  }

  @ParameterizedTest
  @MethodSource("everyWrite")
  void theNextOperatorGoesOn(int write) {
    start(new WalkPass(Set.of(), write, WalkPass.Answer.CREATED));
    assertThat(walk.operator().lastPass()).endsWith("dies");

    endsWithOneAgent();
    assertThat(WarmPod.isName(status().sandboxId())).as("a warm start all the same").isTrue();
  }

  @ParameterizedTest
  @MethodSource("everyWriteAndInterruption")
  void somebodyComesInBetween(int write, WalkStep who) {
    start(WalkPass.interrupted(write, who));

    endsWithOneAgent();
  }

  private void start(WalkPass pass) {
    Stream.of(WalkAct.CUT_LAUNCHED, WalkAct.POOL_FILLS, WalkAct.RESTART_WITH_SECRET, pass)
        .forEach(step -> step.take(walk));
  }

  private void endsWithOneAgent() {
    WalkPeace.leave(walk);

    var world = walk.world();
    assertThat(status().phase()).as(() -> String.join("\n", walk.told())).isEqualTo(Phase.READY);
    assertThat(world.pods().values().stream().filter(WalkWorld::isOurKind))
        .extracting(pod -> pod.getMetadata().getName())
        .containsExactly(status().sandboxId());
    assertThat(world.injected().values())
        .as("who got the value")
        .containsExactly(Set.of(status().sandboxId()));
    assertThat(world.secrets()).isEmpty();
  }

  private AgentServiceStatus status() {
    return walk.world().service().getStatus();
  }

  private static IntStream everyWrite() {
    return IntStream.rangeClosed(1, WRITES);
  }

  private static Stream<Arguments> everyWriteAndInterruption() {
    return everyWrite()
        .boxed()
        .flatMap(
            write ->
                WalkStory.INTERRUPTIONS.stream()
                    .filter(step -> step != WalkAct.IS_DELETED) // by which a value is lost
                    .map(step -> Arguments.of(write, step)));
  }
}
