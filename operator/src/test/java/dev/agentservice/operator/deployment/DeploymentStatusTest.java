package dev.agentservice.operator.deployment;

import static dev.agentservice.operator.deployment.Seen.NOW;
import static dev.agentservice.operator.deployment.Seen.deployment;
import static dev.agentservice.operator.deployment.Seen.nameOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.operator.Announcement;
import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.Supervision;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeploymentStatusTest {

  private static final Seen TWO = deployment("b").with("a", 1).with("b", 2);

  @Test
  void theCurrentTemplatesVersionIsActive() {
    var status = status(TWO);

    assertThat(status.activeVersion()).isEqualTo(nameOf("b"));
    assertThat(status.latestVersion()).isEqualTo(nameOf("b"));
    assertThat(status.observedGeneration()).isEqualTo(4);
    assertThat(conditions(status)).containsExactly("Ready=True VersionCurrent");
  }

  @Test
  void goingBackMakesTheEarlierVersionActiveWhateverItsNumber() {
    var status = status(TWO.edit("a"));

    assertThat(status.activeVersion()).isEqualTo(nameOf("a"));
    assertThat(status.latestVersion()).as("as the schema says").isEqualTo(nameOf("a"));
  }

  @Test
  void aPinnedVersionIsActive() {
    var status = status(TWO.spec(spec -> spec.withActiveVersion(nameOf("a"))));

    assertThat(status.activeVersion()).isEqualTo(nameOf("a"));
    assertThat(status.latestVersion()).isEqualTo(nameOf("b"));
    assertThat(conditions(status)).containsExactly("Ready=True VersionCurrent");
  }

  @Test
  void aPinnedVersionThatIsMissingLeavesNoneActive() {
    var status = status(TWO.spec(spec -> spec.withActiveVersion("echo-gone")));

    assertThat(status.activeVersion()).isNull();
    assertThat(conditions(status))
        .containsExactly("Ready=False VersionNotFound", "Stalled=True VersionNotFound");
    assertThat(status.conditions().getFirst().getMessage()).contains("echo-gone");
  }

  @Test
  void aPlantedVersionIsNeverActive() {
    for (var seen :
        List.of(
            deployment("a").withPlanted("a"),
            TWO.withPlanted("c").spec(spec -> spec.withActiveVersion(nameOf("c"))))) {
      var status = status(seen);

      assertThat(status.activeVersion()).isNull();
      assertThat(conditions(status))
          .containsExactly("Ready=False NameConflict", "Stalled=True NameConflict");
    }
    assertThat(status(deployment("a").withPlanted("a")).latestVersion()).isNull();
  }

  @Test
  void anAdoptedVersionIsActive() {
    var restored = deployment("a").withOwnerless("a", 1);

    assertThat(status(restored).activeVersion()).isNull();
    assertThat(status(restored.applied()).activeVersion()).isEqualTo(nameOf("a"));
  }

  @Test
  void aRefusedVersionIsTold() {
    var cut = DeploymentPlan.next(deployment("a").observation()).getFirst();
    var conditions = status(deployment("a").refused(cut, 403)).conditions();

    assertThat(conditions)
        .extracting(c -> c.getType() + "=" + c.getStatus() + " " + c.getReason())
        .containsExactly("Ready=False VersionRefused", "Stalled=True VersionRefused");
    assertThat(conditions.getFirst().getMessage()).contains(nameOf("a"), "403");
  }

  @Test
  void aRefusedPolicyIsTold() {
    var put = DeploymentPlan.next(TWO.onNetwork(ClusterNetwork.UNKNOWN).observation()).getFirst();
    var refused = status(TWO.refused(put, 403)).conditions().getFirst();
    var taken = status(TWO.refused(put, 409)).conditions().getFirst();

    assertThat(refused.getReason()).isEqualTo("NetworkPolicyRefused");
    assertThat(refused.getMessage()).contains("agentservice-echo", "403");
    assertThat(taken.getReason()).isEqualTo("NameConflict");
    assertThat(taken.getMessage()).contains("agentservice-echo");
  }

  @Test
  void oldVersionsThatCannotBePrunedHurtNobody() {
    assertThat(
            status(TWO.refused(new DeploymentAction.PruneVersion("echo-old", "uid"), 403))
                .conditions()
                .getFirst()
                .getStatus())
        .isEqualTo("True");
  }

  @Test
  void usersAreToldOfAnotherVersionAndOfTrouble() {
    assertThat(DeploymentStatus.news(null, status(TWO)))
        .contains(
            new Announcement(
                false,
                "VersionCurrent",
                "New services run AgentVersion %s.".formatted(nameOf("b"))));
    assertThat(DeploymentStatus.news(status(TWO), status(TWO.services(Map.of("ready", 2)))))
        .isEmpty();
    assertThat(
            DeploymentStatus.news(
                status(TWO), status(TWO.spec(spec -> spec.withActiveVersion("echo-gone")))))
        .hasValueSatisfying(news -> assertThat(news.trouble()).isTrue());
  }

  @Test
  void aTemplateThatALauncherIsToStartSaysWhetherThereIsOne() {
    var launched = deployment("A").spec(spec -> spec.withTemplate(launched(spec.template())));

    assertThat(supervised(launched)).get().extracting(Condition::getStatus).isEqualTo("False");
    assertThat(supervised(launched.launcher("launcher:1")))
        .get()
        .extracting(Condition::getStatus)
        .isEqualTo("True");
    assertThat(supervised(deployment("A"))).isEmpty();
    assertThat(
            supervised(
                launched.spec(
                    spec -> spec.withTemplate(spec.template().withSupervision(Supervision.NONE)))))
        .isEmpty();
  }

  private static Template launched(Template template) {
    return template.withCommand(List.of("/agent"));
  }

  private static Optional<Condition> supervised(Seen seen) {
    return ConditionWriter.find(DeploymentStatus.of(seen.observation()).conditions(), "Supervised");
  }

  @Test
  void servicesAreCountedByPhase() {
    assertThat(status(TWO).services()).isNull();
    assertThat(status(TWO.services(Map.of("ready", 2, "failed", 1))).services())
        .containsExactlyInAnyOrderEntriesOf(Map.of("ready", 2, "failed", 1));
  }

  @Test
  void theSameIsEqualAndConditionsRememberSinceWhen() {
    var before = status(TWO);
    TWO.observation().deployment().setStatus(before);
    var later = new Seen(TWO.observation().withServices(Map.of()).withNow(NOW.plusSeconds(60)));

    assertThat(status(later)).isEqualTo(before);
    assertThat(
            status(later.spec(spec -> spec.withActiveVersion("echo-gone")))
                .conditions()
                .getFirst()
                .getLastTransitionTime())
        .isEqualTo(NOW.plusSeconds(60).toString());
  }

  private static AgentDeploymentStatus status(Seen seen) {
    return DeploymentStatus.of(seen.observation());
  }

  private static List<String> conditions(AgentDeploymentStatus status) {
    return status.conditions().stream()
        .map(c -> c.getType() + "=" + c.getStatus() + " " + c.getReason())
        .toList();
  }
}
