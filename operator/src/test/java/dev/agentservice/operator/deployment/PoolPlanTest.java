package dev.agentservice.operator.deployment;

import static dev.agentservice.operator.deployment.Seen.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.recipe.RecipeName;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentDeploymentSpec;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.WarmPool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolPlanTest {

  @Test
  void anEmptyPoolIsFilledAtAPaceBehindANetworkPolicy() {
    var seen = pool(6);

    assertThat(plan(seen)).containsExactly("CreateWarm", "CreateWarm", "CreateWarm", "CreateWarm");
    assertThat(plan(new Seen(seen.observation().withNetwork(Optional.of(ClusterNetwork.UNKNOWN)))))
        .contains("Isolate tenant", "CreateWarm");
  }

  @Test
  void theNextAreMadeWhenTheFormerAreReady() {
    var seen = pool(6);
    for (var made = 0; made < 4; made++) {
      seen = seen.pool("new-" + made, current(), false, false, 1);
    }
    assertThat(plan(seen)).isEmpty();
    assertThat(plan(ready(pool(6), 4))).containsExactly("CreateWarm", "CreateWarm");
    assertThat(plan(ready(pool(6), 6))).isEmpty();
  }

  @Test
  void aServiceThatStartsIsNotDisturbedWhileHalfOfThePoolIsThere() {
    var now = pool(4).observation().now();
    var starting = Optional.of(now.minusMillis(500));

    assertThat(plan(new Seen(ready(pool(4), 1).observation().withLastStart(starting)))).hasSize(3);
    var half = ready(pool(4), 2).observation().withLastStart(starting);
    assertThat(plan(new Seen(half))).isEmpty();
    assertThat(PoolPlan.untilNextLook(half)).contains(Duration.ofMillis(1500));
    assertThat(plan(new Seen(half.withNow(now.plusMillis(1500))))).hasSize(2);
    assertThat(PoolPlan.untilNextLook(ready(pool(4), 4).observation().withLastStart(starting)))
        .as("it is full")
        .isEmpty();
  }

  @Test
  void whatIsTooManyGoesAndWhatIsNotReadyGoesFirst() {
    var seen = ready(pool(2), 2).pool("starts", current(), false, false, 1);

    assertThat(plan(seen)).containsExactly("RemoveWarm starts");
    assertThat(plan(ready(pool(0), 2))).hasSize(2);
  }

  @Test
  void anOldRecipesSandboxesAreReplaced() {
    assertThat(plan(pool(1).pool("old", "echo-old", true, false, 100)))
        .containsExactly("RemoveWarm old", "CreateWarm");
  }

  @Test
  void aSuspendedDeploymentHasNone() {
    var seen = ready(pool(2).spec(spec -> spec.withSuspended(true)), 2);

    assertThat(plan(seen)).hasSize(2).allMatch(action -> action.startsWith("RemoveWarm"));
    assertThat(PoolPlan.target(seen.observation())).isZero();
  }

  @Test
  void withoutALauncherThereIsNone() {
    var direct = pool(2).observation().withSandboxes(new SandboxSettings(Optional.empty(), false));

    assertThat(plan(new Seen(direct))).isEmpty();
    assertThat(PoolPlan.target(direct)).isZero();
  }

  @Test
  void oneThatEndedIsReplacedInTime() {
    var early = pool(1).pool("ended", current(), false, true, 10);

    assertThat(plan(early)).isEmpty();
    assertThat(PoolPlan.untilNextLook(early.observation())).contains(Duration.ofSeconds(20));
    assertThat(plan(pool(1).pool("ended", current(), false, true, 30)))
        .containsExactly("RemoveWarm ended", "CreateWarm");
  }

  @Test
  void aSandboxIsItsDeploymentsAndNamesNoService() {
    var observation = pool(1).observation();
    var pod =
        WarmPod.of(
            observation.deployment(),
            observation.versions().getFirst(),
            observation.sandboxes(),
            "seed");

    assertThat(WarmPod.isName(pod.getMetadata().getName())).isTrue();
    assertThat(WarmPod.isName("echo-abcdefgh")).as("a cold one's name").isFalse();
    assertThat(pod.getMetadata().getLabels())
        .containsEntry(Names.SANDBOX_LABEL, pod.getMetadata().getName())
        .containsEntry(Names.WARM_LABEL, "true")
        .doesNotContainKeys(Names.SERVICE_LABEL, Names.ATTEMPT_LABEL);
    assertThat(pod.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getKind()).isEqualTo("AgentDeployment"));
  }

  private static List<String> plan(Seen seen) {
    return seen.plan().stream()
        .filter(action -> action.contains("Warm") || action.contains("Isolate"))
        .toList();
  }

  /** A deployment whose agents a launcher starts, with its version, and an empty pool. */
  private static Seen pool(int size) {
    var seen =
        deployment("A")
            .launcher("launcher:1")
            .spec(spec -> launched(spec).withWarmPool(new WarmPool(size)));
    var observation = seen.observation();
    var version = new AgentVersion();
    var genuine = deployment("A").with("A", 1).observation().versions().getFirst();
    version.setMetadata(genuine.getMetadata());
    version.getMetadata().setName(current());
    version.setSpec(
        new AgentVersionSpec("echo", 1L, observation.deployment().getSpec().template()));
    return new Seen(observation.withVersions(List.of(version)));
  }

  private static AgentDeploymentSpec launched(AgentDeploymentSpec spec) {
    return spec.withTemplate(withCommand(spec.template()));
  }

  private static Template withCommand(Template template) {
    return template.withCommand(List.of("/agent"));
  }

  private static String current() {
    var template = withCommand(deployment("A").observation().deployment().getSpec().template());
    return RecipeName.of("echo", template);
  }

  private static Seen ready(Seen seen, int count) {
    var next = seen;
    for (var made = 0; made < count; made++) {
      next = next.pool("ready-" + made, current(), true, false, 60);
    }
    return next;
  }
}
