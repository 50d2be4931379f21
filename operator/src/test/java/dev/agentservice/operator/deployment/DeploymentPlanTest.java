package dev.agentservice.operator.deployment;

import static dev.agentservice.operator.deployment.Seen.deployment;
import static dev.agentservice.operator.deployment.Seen.nameOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Names;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeploymentPlanTest {

  static Stream<Arguments> situations() {
    var three = deployment("c").with("a", 1).with("b", 2).with("c", 3);
    return Stream.of(
        arguments("new", deployment("a"), List.of("Cut a as 1")),
        arguments("nothing changed", deployment("a").with("a", 1), List.of()),
        arguments("edited", deployment("b").with("a", 1), List.of("Cut b as 2")),
        arguments("edited again", deployment("c").with("a", 1).with("b", 2), List.of("Cut c as 3")),
        arguments("back to an earlier one", three.edit("a"), List.of()),
        // planted: another recipe under the expected name
        arguments("planted", deployment("a").withPlanted("a"), List.of()),
        arguments("planted elsewhere", deployment("b").withPlanted("a"), List.of("Cut b as 1")),
        // restored from a backup without its owner
        arguments("ownerless", deployment("a").withOwnerless("a", 1), List.of("Adopt a")),
        arguments(
            "ownerless and edited",
            deployment("b").withOwnerless("a", 1),
            List.of("Cut b as 2", "Adopt a")),
        // history
        arguments("within the limit", three.spec(s -> s.withVersionHistoryLimit(2)), List.of()),
        arguments(
            "oldest first", three.spec(s -> s.withVersionHistoryLimit(1)), List.of("Prune a")),
        arguments(
            "none", three.spec(s -> s.withVersionHistoryLimit(0)), List.of("Prune b", "Prune a")),
        arguments(
            "but the active one",
            three.spec(s -> s.withVersionHistoryLimit(0).withActiveVersion(nameOf("a"))),
            List.of("Prune b")),
        arguments(
            "but the referenced ones",
            three.spec(s -> s.withVersionHistoryLimit(0)).referenced("a", "b"),
            List.of()),
        arguments(
            "referenced ones do not fill the limit",
            three.spec(s -> s.withVersionHistoryLimit(1)).referenced("b"),
            List.of()),
        arguments(
            "but the current one, however old, and the newest, which remembers the number",
            three.edit("a").spec(s -> s.withVersionHistoryLimit(0)),
            List.of("Prune b")),
        arguments(
            "what is not ours is left alone",
            deployment("b").with("b", 2).withPlanted("a").spec(s -> s.withVersionHistoryLimit(0)),
            List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("situations")
  void plan(String what, Seen seen, List<String> expected) {
    assertThat(seen.plan()).as(what).isEqualTo(expected);
  }

  @Test
  void tenOldVersionsAreKeptByDefault() {
    var seen = deployment("current").with("current", 20);
    for (var i = 1; i <= 12; i++) {
      seen = seen.with("old" + i, i);
    }

    assertThat(seen.plan()).containsExactly("Prune old2", "Prune old1");
  }

  @Test
  void editedTwiceAndBackAreTwoVersions() {
    var back =
        deployment("a").applied().edit("b").applied().edit("a").applied().edit("b").applied();

    assertThat(back.observation().versions()).hasSize(2);
    assertThat(back.plan()).isEmpty();
  }

  /** Numbers count up: one that was pruned is not given again. */
  @Test
  void aNumberIsNeverGivenTwice() {
    var pruned =
        deployment("a")
            .spec(s -> s.withVersionHistoryLimit(0))
            .applied()
            .edit("b")
            .referenced("a")
            .applied()
            .edit("a")
            .applied(); // b, number 2, is gone

    assertThat(pruned.edit("c").plan()).contains("Cut c as 3");
  }

  @Test
  void aVersionIsOwnedAndHoldsTheRecipe() {
    var version = cut(deployment("a"));

    assertThat(version.getMetadata().getName()).isEqualTo(nameOf("a"));
    assertThat(version.getMetadata().getNamespace()).isEqualTo("tenant");
    assertThat(version.getMetadata().getLabels())
        .containsEntry(Names.DEPLOYMENT_LABEL, "echo")
        .containsEntry(Names.MANAGED_BY_LABEL, Names.MANAGED_BY);
    assertThat(version.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getUid()).isEqualTo("uid-1");
              assertThat(owner.getKind()).isEqualTo("AgentDeployment");
              assertThat(owner.getController()).isTrue();
            });
    assertThat(version.getSpec().deployment()).isEqualTo("echo");
    assertThat(version.getSpec().template().image()).isEqualTo("registry.example/a");
  }

  @Test
  void anAdoptedVersionStaysTheSame() {
    var adopt =
        (DeploymentAction.AdoptVersion)
            DeploymentPlan.next(deployment("a").withOwnerless("a", 3).observation()).getFirst();

    assertThat(adopt.version().getMetadata().getUid()).isEqualTo("uid-of-a");
    assertThat(adopt.version().getSpec().number()).isEqualTo(3);
    assertThat(adopt.version().getMetadata().getOwnerReferences()).hasSize(1);
  }

  private static AgentVersion cut(Seen seen) {
    return ((DeploymentAction.CutVersion) DeploymentPlan.next(seen.observation()).getFirst())
        .version();
  }

  // ---- the network

  @Test
  void thePolicyIsThereBeforeTheVersion() {
    assertThat(deployment("a").onNetwork(ClusterNetwork.UNKNOWN).plan())
        .containsExactly("Put agentservice-echo", "Cut a as 1");
  }

  @Test
  void aPolicyThatWasChangedByHandIsPutBack() {
    var closed = deployment("a").with("a", 1).onNetwork(ClusterNetwork.UNKNOWN);
    var policy = SandboxNetwork.of(closed.observation().deployment(), ClusterNetwork.UNKNOWN);
    assertThat(new Seen(closed.observation().withPolicies(List.of(policy))).plan()).isEmpty();

    var owners = policy.getMetadata().getOwnerReferences();
    policy.getMetadata().setOwnerReferences(List.of());
    assertThat(new Seen(closed.observation().withPolicies(List.of(policy))).plan())
        .as("would outlive its deployment")
        .containsExactly("Put agentservice-echo");
    policy.getMetadata().setOwnerReferences(owners);

    policy.getSpec().setEgress(List.of());
    assertThat(new Seen(closed.observation().withPolicies(List.of(policy))).plan())
        .containsExactly("Put agentservice-echo");
  }
}
