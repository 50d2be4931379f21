package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.ATTEMPT;
import static dev.agentservice.operator.service.Situation.START;
import static dev.agentservice.operator.service.Situation.applied;
import static dev.agentservice.operator.service.Situation.completed;
import static dev.agentservice.operator.service.Situation.failed;
import static dev.agentservice.operator.service.Situation.owed;
import static dev.agentservice.operator.service.Situation.ready;
import static dev.agentservice.operator.service.Situation.starting;
import static dev.agentservice.operator.service.Situation.stopped;
import static dev.agentservice.operator.service.Situation.stopping;
import static dev.agentservice.operator.service.Situation.unhealthy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceStatusTest {

  // ---- conditions as kstatus reads them

  static Stream<Arguments> phases() {
    return Stream.of(
        arguments(starting(), "Ready=False Reconciling=True"),
        arguments(ready(), "Ready=True"),
        arguments(unhealthy(), "Ready=False Reconciling=True"),
        arguments(stopping(), "Ready=False Reconciling=True"),
        arguments(stopped(), ""),
        arguments(completed(), ""),
        arguments(failed(Reason.EXITED), "Ready=False Stalled=True"));
  }

  @ParameterizedTest
  @MethodSource("phases")
  void conditionsOfAPhase(Situation situation, String expected) {
    var conditions = status(situation).conditions();

    assertThat(conditions)
        .extracting(condition -> condition.getType() + "=" + condition.getStatus())
        .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ", -1)));
    assertThat(conditions)
        .allSatisfy(
            condition -> {
              assertThat(condition.getReason()).isEqualTo(situation.verdict().split(" ", -1)[1]);
              assertThat(condition.getMessage()).isNotBlank();
            });
  }

  @Test
  void aConditionKnowsSinceWhenItHolds() {
    var stays = ready().at(90);
    var turns = ready().probeFails().at(90);
    var turnsAgain = reported(turns).nodeLost().at(95);

    assertThat(condition(status(stays), "Ready").getLastTransitionTime())
        .isEqualTo(START.plusSeconds(5).toString());
    assertThat(condition(status(turns), "Ready").getLastTransitionTime())
        .isEqualTo(START.plusSeconds(90).toString());
    assertThat(condition(status(turnsAgain), "Ready"))
        .returns(START.plusSeconds(90).toString(), Condition::getLastTransitionTime)
        .returns("NodeLost", Condition::getReason);
  }

  @Test
  void statusAndConditionsSpeakOfTheGenerationThatWasSeen() {
    var status = status(metadata(ready(), metadata -> metadata.withGeneration(7L)));

    assertThat(status.observedGeneration()).isEqualTo(7);
    assertThat(status.conditions()).allMatch(c -> c.getObservedGeneration() == 7);
  }

  // ---- what is worth a write

  @Test
  void nothingNewGivesTheSameStatus() {
    var settled = reported(ready()).at(3_600);

    assertThat(ServiceStatus.of(settled.seen())).isSameAs(settled.seen().status());
  }

  @Test
  void updatedAtMovesWithAnythingElse() {
    var settled = reported(ready());

    var written = status(settled.probeFails().at(90));

    assertThat(settled.seen().status().updatedAt()).isEqualTo(START.plusSeconds(60).toString());
    assertThat(written.updatedAt()).isEqualTo(START.plusSeconds(90).toString());
  }

  @Test
  void theFirstLookIsWritten() {
    var status = status(applied().unavailable(Reason.DEPLOYMENT_NOT_FOUND, "echo"));

    assertThat(status.observedGeneration()).isEqualTo(1);
    assertThat(status.phase()).isEqualTo(Phase.STARTING);
    assertThat(status.createdAt()).isEqualTo(START.toString());
    assertThat(status.updatedAt()).isEqualTo(START.plusSeconds(60).toString());
  }

  @Test
  void smallStepsOfAYoungStartAreNotWritten() {
    var begun = reported(owed().at(0));
    var scheduled = begun.waiting(null);
    var running = begun.probeFails();

    for (var step : List.of(scheduled, running)) {
      assertThat(ServiceStatus.of(step.at(2).seen())).isSameAs(begun.seen().status());
      assertThat(ServiceStatus.of(step.at(3).seen()).sandboxId()).isNotNull();
    }
  }

  @Test
  void everythingElseOfAYoungStartIsWrittenAtOnce() {
    var begun = reported(owed().at(0));

    assertThat(status(begun.serving().at(1)).phase()).isEqualTo(Phase.READY);
    assertThat(status(begun.waiting(Reason.UNSCHEDULABLE).at(1)).readinessStatus().reason())
        .isEqualTo("Unschedulable");
    assertThat(status(begun.waiting(Reason.INVALID_IMAGE_NAME).at(1)).phase())
        .isEqualTo(Phase.FAILED);
  }

  // ---- identity

  @ParameterizedTest
  @CsvSource({
    "adsvc-abcdefghijk23, any-uid, adsvc_abcdefghijk23",
    "adsvc-2345672345672, any-uid, adsvc_2345672345672",
    // printf <UID> | sha256sum | xxd -r -p | base32
    "shop, 6b1f2c6a-0000-4000-8000-000000000000, adsvc_qfzn6rkju7uhv",
  })
  void id(String name, String uid, String id) {
    var service = metadata(applied(), m -> m.withName(name).withUid(uid));

    assertThat(status(service).id()).isEqualTo(id).matches("adsvc_[a-z2-7]{13}");
  }

  @Test
  void theIdempotencyKeyIsMirroredOnce() {
    var first = reported(withKey(ready(), "order-17"));
    var second = reported(withKey(first, "order-18"));

    assertThat(first.seen().status().idempotencyKey()).isEqualTo("order-17");
    assertThat(second.seen().status().idempotencyKey()).isEqualTo("order-17");
    assertThat(status(ready()).idempotencyKey()).isNull();
  }

  /** The schema of status would refuse it, and with it every later status. */
  @ParameterizedTest
  @CsvSource({"two words", "schön", "''"})
  void aKeyThatIsNoneIsNotMirrored(String key) {
    assertThat(status(withKey(ready(), key)).idempotencyKey()).isNull();
    assertThat(status(withKey(ready(), "k".repeat(256))).idempotencyKey()).isNull();
  }

  // ---- an attempt

  @Test
  void aBegunAttemptTellsWhatItConsumes() {
    var before =
        ready()
            .withTransientEnv()
            .restart()
            .namesSecret("env-2")
            .secretThere("TOKEN")
            .status(status -> status.withProcessId(7L).withStartedAt(START.toString()))
            .gone()
            .at(90);

    var begun = ServiceStatus.begun(before.seen(), recipe(before)).getStatus();

    assertThat(begun)
        .returns(Phase.STARTING, AgentServiceStatus::phase)
        .returns(ATTEMPT + 1, AgentServiceStatus::attempt)
        .returns(START.plusSeconds(90).toString(), AgentServiceStatus::attemptStartedAt)
        .returns("b", AgentServiceStatus::restartId)
        .returns("env-2", AgentServiceStatus::envSecretName)
        .returns("echo", AgentServiceStatus::deploymentId)
        .returns("echo-v1", AgentServiceStatus::versionId)
        .returns(Situation.PORT, AgentServiceStatus::port)
        .returns(null, AgentServiceStatus::sandboxId)
        .returns(null, AgentServiceStatus::processId)
        .returns(null, AgentServiceStatus::startedAt)
        .returns(null, AgentServiceStatus::failureReason)
        .returns(START.plusSeconds(90).toString(), AgentServiceStatus::updatedAt);
    assertThat(begun.readinessStatus())
        .returns("Starting", details -> details.reason())
        .returns(null, details -> details.readyAt())
        .returns(null, details -> details.restartCount());
    assertThat(condition(begun, Conditions.ENV_INJECTED).getReason()).isEqualTo("NotYet");
  }

  @Test
  void onlyAReplacementThatNobodyAskedForCountsAsARecovery() {
    var lost = unhealthy().recoveries(2).gone();
    var asked = failed(Reason.EXITED).recoveries(2).restart();

    assertThat(begun(lost).readinessStatus().recoveries()).isEqualTo(3);
    assertThat(begun(asked).readinessStatus().recoveries()).isNull();
  }

  @Test
  void theVersionIsResolvedOnceAlsoWhileSomethingElseIsMissing() {
    var waits = applied().namesSecret("env-1").secretAbsent();

    assertThat(status(waits).versionId()).isEqualTo("echo-v1");
  }

  @Test
  void theFirstRestartIdIsTakenAsItIsAndItsRemovalForgetsNothing() {
    assertThat(status(ready().firstRestartId()).restartId()).isEqualTo("a");
    assertThat(status(ready().restartIdRemoved()).restartId()).isEqualTo("a");
    assertThat(status(ready().restart()).restartId()).as("not consumed yet").isEqualTo("a");
  }

  // ---- what is told of the sandbox

  @Test
  void theSandboxIsNamedWhileItIsThere() {
    var name = ServiceNames.sandbox(ready().seen().service(), ATTEMPT);

    assertThat(status(ready()).sandboxId()).isEqualTo(name);
    assertThat(status(stopping()).sandboxId()).isEqualTo(name);
    assertThat(status(ready().gone().at(60)).sandboxId()).isNull();
    assertThat(status(stopped()).sandboxId()).isNull();
  }

  @Test
  void restartsAndExitsAreTold() {
    var details = status(ready().restarting(3, 2)).readinessStatus();

    assertThat(details.restartCount()).isEqualTo(2);
    assertThat(details.lastExitCode()).isEqualTo(3);
    assertThat(details.node()).isEqualTo("node-1");
    assertThat(details.podPhase()).isEqualTo("Running");
    assertThat(details.scheduledAt()).isEqualTo(START.plusSeconds(1).toString());
  }

  @Test
  void whyItIsStoppedIsToldWhileItIsAndInNoEvent() {
    UnaryOperator<Situation> because =
        situation -> situation.spec(spec -> spec.withStopReason("out of hours"));
    var stops = status(because.apply(ready().stop()));
    var isStopped = reported(because.apply(stopping().gone()));

    assertThat(stops.readinessStatus().stopReason()).isEqualTo("out of hours");
    assertThat(isStopped.seen().status().readinessStatus().stopReason()).isEqualTo("out of hours");
    assertThat(status(because.apply(completed())).readinessStatus().stopReason()).isNull();
    assertThat(status(because.apply(ready())).readinessStatus().stopReason()).isNull();
    assertThat(begun(isStopped.run()).readinessStatus().stopReason()).isNull();
    assertThat(Announcements.between(ready().seen().status(), stops))
        .noneMatch(announcement -> announcement.toString().contains("out of hours"));
  }

  @Test
  void theRestartsOfALongLifeAreRememberedUntilTheNextAttempt() {
    var served = reported(ready().restartingAfterRun(2, 700, 3).at(701));
    var crashes = served.restartingAfterRun(702, 710, 4).at(711);

    assertThat(status(ready().restartingAfterRun(2, 90, 3)).readinessStatus())
        .returns(null, details -> details.stableRestartCount());
    assertThat(served.seen().status().readinessStatus())
        .returns(3, details -> details.stableRestartCount());
    assertThat(status(crashes).readinessStatus())
        .returns(3, details -> details.stableRestartCount());
    assertThat(begun(crashes.gone()).readinessStatus())
        .returns(null, details -> details.stableRestartCount());
  }

  /** As the schema says: when the agent was first ready in this attempt. */
  @Test
  void startedAtIsTheFirstReadinessOfTheAttempt() {
    var readyAtLast = reported(starting().serving().at(20));
    var restartedByTheNode = reported(readyAtLast.restarting(1, 1).at(40)).serving().at(50);

    assertThat(status(starting().probeFails()).startedAt()).isNull();
    assertThat(readyAtLast.seen().status().startedAt()).isEqualTo(START.plusSeconds(20).toString());
    assertThat(status(restartedByTheNode).startedAt()).isEqualTo(START.plusSeconds(20).toString());
  }

  @Test
  void stoppedAtIsWhenItEndedAndIsKept() {
    var ended = reported(ready().never().exited(1).at(70));

    assertThat(ended.seen().status().stoppedAt()).isEqualTo(START.plusSeconds(70).toString());
    assertThat(reported(ended.at(500)).seen().status().stoppedAt())
        .isEqualTo(START.plusSeconds(70).toString());
    assertThat(status(ended.restart().gone().at(600)).stoppedAt()).isNull();
  }

  @Test
  void failureReasonIsAWordAndASentence() {
    assertThat(status(ready().never().exited(3)).failureReason())
        .isEqualTo("Exited: The agent exited with code 3.");
    assertThat(status(ready().probeFails()).failureReason()).startsWith("ProbeFailed: The agent");
    for (var fine : List.of(starting(), ready(), stopping(), stopped(), completed())) {
      assertThat(status(fine).failureReason()).isNull();
    }
  }

  /**
   * The schema of status takes 2048 characters; a longer sentence would refuse the whole status.
   */
  @Test
  void aSentenceHasAnEnd() {
    var names =
        IntStream.range(0, 100).mapToObj(i -> "NAME_%d_%s".formatted(i, "X".repeat(50))).toList();
    var refused =
        applied()
            .namesSecret("env-1")
            .allowsOnly("COLOR")
            .secretThere(names.toArray(String[]::new));

    var status = status(refused);

    assertThat(status.readinessStatus().message()).contains("NAME_0").hasSizeLessThan(2048);
    assertThat(status.failureReason()).hasSizeLessThan(4096);
  }

  /** After a downgrade, say. */
  @Test
  void aReasonOfAnotherOperatorVersionIsKept() {
    var status = status(failed(Reason.EXITED).lastReason("FromTomorrow"));

    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.readinessStatus().reason()).isEqualTo("FromTomorrow");
  }

  /** The HTTP API makes a service first and its Secret moments later. */
  @Test
  void aSecretThatMayBeOnItsWayIsNotMissedYet() {
    var unseen =
        applied()
            .status(status -> status.withObservedGeneration(-1L))
            .namesSecret("env-1")
            .secretAbsent();

    assertThat(status(unseen.at(1))).isSameAs(unseen.seen().status());
    assertThat(status(unseen.at(2)).readinessStatus().reason()).isEqualTo("EnvSecretNotFound");
  }

  // ---- EnvInjected

  @Test
  void aSecretThatCannotBeDeletedIsNotSaidToBe() {
    var status = status(ready().withTransientEnv().secretNotDeleted());

    var injected = ConditionWriter.find(status.conditions(), Conditions.ENV_INJECTED).orElseThrow();
    assertThat(injected.getStatus()).isEqualTo("False");
    assertThat(injected.getReason()).isEqualTo("SecretNotDeleted");
    assertThat(injected.getMessage()).contains("env-1");
    assertThat(status.phase()).isEqualTo(Phase.READY);
  }

  @Test
  void envInjectedIsSaidOnlyWithTransientEnv() {
    assertThat(find(status(ready()), Conditions.ENV_INJECTED)).isFalse();
    assertThat(injected(starting().withTransientEnv())).isEqualTo("False NotYet");
    assertThat(injected(starting().withTransientEnv().probeFails())).isEqualTo("True Injected");
    assertThat(injected(ready().withTransientEnv().restarting(1, 1))).isEqualTo("True Injected");
    assertThat(injected(failed(Reason.EXITED).withTransientEnv())).isEqualTo("True Injected");
  }

  @Test
  void envInjectedRemembersTheLastLook() {
    var due = ready().withTransientEnv().at(602);

    assertThat(injected(ready().withTransientEnv().at(601))).isEqualTo("True Injected");
    assertThat(injected(due)).isEqualTo("True Swept");
    assertThat(injected(reported(due))).isEqualTo("True Swept");
    assertThat(condition(status(due), Conditions.ENV_INJECTED).getLastTransitionTime())
        .isEqualTo(START.plusSeconds(2).toString());
  }

  // ---- StartPending

  private static final Situation WAITS =
      ready().restart().namesSecret("env-2").secretAbsent().at(60);

  @Test
  void aRestartThatWaitsSaysForWhat() {
    var pending = condition(status(WAITS), Conditions.START_PENDING);

    assertThat(pending)
        .returns("True", Condition::getStatus)
        .returns("EnvSecretNotFound", Condition::getReason)
        .returns("Secret env-2 does not exist in this namespace.", Condition::getMessage);
    assertThat(status(WAITS).phase()).isEqualTo(Phase.READY);
  }

  /** However long ago it was made: no operator looked at it before. */
  @Test
  void aFirstStartWaitsFromWhenItIsFoundWaiting() {
    var found = reported(applied().full().at(9_000));

    assertThat(condition(found.seen().status(), Conditions.START_PENDING))
        .returns(START.plusSeconds(9_000).toString(), Condition::getLastTransitionTime)
        .returns("MaxServicesReached", Condition::getReason);
    assertThat(found.at(9_119).verdict()).isEqualTo("starting MaxServicesReached");
    assertThat(found.at(9_120).verdict()).isEqualTo("failed MaxServicesReached");
    assertThat(Announcements.between(applied().seen().service().getStatus(), found.seen().status()))
        .as("its phase says so already")
        .hasSize(1);
  }

  @Test
  void aRestartIsGivenUpAtItsDeadline() {
    var late = reported(WAITS).at(180);

    var status = status(late);

    assertThat(condition(status(reported(WAITS).at(179)), Conditions.START_PENDING).getStatus())
        .isEqualTo("True");
    assertThat(status.phase()).isEqualTo(Phase.READY);
    assertThat(status.restartId()).isEqualTo("b");
    assertThat(condition(status, Conditions.START_PENDING))
        .returns("False", Condition::getStatus)
        .returns("RestartGivenUp", Condition::getReason)
        .extracting(Condition::getMessage)
        .asString()
        .contains("env-2");
    assertThat(reported(late).plan()).isEmpty();
  }

  @Test
  void aRestartThatTimeCannotMendIsGivenUpAtOnce() {
    var status = status(ready().withTransientEnv().restart().secretAbsent());

    assertThat(status.restartId()).isEqualTo("b");
    assertThat(condition(status, Conditions.START_PENDING))
        .returns("False", Condition::getStatus)
        .extracting(Condition::getMessage)
        .asString()
        .contains("consumed");
  }

  @Test
  void aRestartThatWasGivenUpIsToldUntilTheNextAttempt() {
    var givenUp = reported(reported(WAITS).at(180));
    var later = givenUp.spec(spec -> spec.withRestartId("c")).secretThere("TOKEN").gone();

    assertThat(find(status(givenUp.at(300)), Conditions.START_PENDING)).isTrue();
    assertThat(find(begun(later), Conditions.START_PENDING)).isFalse();
  }

  @Test
  void aRestartThatGoesWaitsNoMore() {
    var goes = reported(WAITS).secretThere("TOKEN").at(70);

    assertThat(status(goes).phase()).isEqualTo(Phase.STOPPING);
    assertThat(find(status(goes), Conditions.START_PENDING)).isFalse();
  }

  // ----

  private static AgentServiceStatus status(Situation situation) {
    return ServiceStatus.of(situation.seen());
  }

  /** The same situation with its status written. */
  private static Situation reported(Situation situation) {
    return situation.status(_ -> status(situation));
  }

  private static AgentServiceStatus begun(Situation situation) {
    return ServiceStatus.begun(situation.seen(), recipe(situation)).getStatus();
  }

  private static Recipe.Found recipe(Situation situation) {
    return (Recipe.Found) situation.seen().recipe();
  }

  private static Condition condition(AgentServiceStatus status, String type) {
    return ConditionWriter.find(status.conditions(), type).orElseThrow();
  }

  private static boolean find(AgentServiceStatus status, String type) {
    return ConditionWriter.find(status.conditions(), type).isPresent();
  }

  private static String injected(Situation situation) {
    var condition = condition(status(situation), Conditions.ENV_INJECTED);
    return condition.getStatus() + " " + condition.getReason();
  }

  private static Situation withKey(Situation situation, String key) {
    return metadata(situation, m -> m.addToAnnotations(Names.IDEMPOTENCY_KEY_ANNOTATION, key));
  }

  private static Situation metadata(Situation situation, UnaryOperator<ObjectMetaBuilder> change) {
    var seen = situation.seen();
    var copy = ServiceStatus.withStatus(seen.service(), seen.service().getStatus());
    copy.setMetadata(change.apply(new ObjectMetaBuilder(copy.getMetadata())).build());
    return new Situation(seen.withService(copy));
  }
}
