package dev.agentservice.operator.deployment;

import static dev.agentservice.operator.deployment.Seen.deployment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.Announcement;
import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.recipe.RecipeName;
import dev.agentservice.operator.sandbox.Obstacle;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.WarmPool;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a deployment's status and events tell of its warm pool. */
class PoolStatusTest {

  private static final Seen FULL = ready(pool(2), 2);

  private static final Seen STUCK =
      pool(2)
          .stuck("a", version(), Obstacle.IMAGE_PULL_FAILED)
          .stuck("b", version(), Obstacle.IMAGE_PULL_FAILED);

  static Stream<Arguments> situations() {
    return Stream.of(
        arguments("none is wanted", pool(0), ""),
        arguments("suspended", FULL.spec(spec -> spec.withSuspended(true)), ""),
        arguments("no launcher", without(pool(2)), "False WarmPoolWithoutLauncher"),
        arguments("being filled", ready(pool(2), 1), "False WarmPoolFilling"),
        arguments("full", FULL, "True WarmPoolFilled"),
        arguments("taken since it was full", ready(after(FULL, pool(2)), 1), "True WarmPoolFilled"),
        arguments(
            "larger since it was full",
            ready(edited(after(FULL, pool(3))), 2),
            "False WarmPoolFilling"),
        arguments("the image is missing", STUCK, "False ImagePullFailed"),
        arguments(
            "one of three finds no node",
            ready(pool(3), 2).stuck("c", version(), Obstacle.UNSCHEDULABLE),
            "False Unschedulable"),
        arguments(
            "an old one is stuck, and will go",
            FULL.stuck("c", "echo-old", Obstacle.IMAGE_PULL_FAILED),
            "True WarmPoolFilled"),
        arguments("the next try is under way", after(STUCK, pool(2)), "False ImagePullFailed"),
        arguments("mended", ready(after(STUCK, pool(2)), 2), "True WarmPoolFilled"),
        arguments(
            "another template, after trouble",
            edited(after(STUCK, pool(2))),
            "False WarmPoolFilling"),
        arguments(
            "they end by themselves",
            pool(2).pool("a", version(), false, true, 1),
            "False WarmSandboxEnded"),
        arguments(
            "one was evicted",
            ready(after(FULL, pool(2)), 1).pool("a", version(), false, true, 1),
            "True WarmPoolFilled"),
        arguments("the API server refuses them", refused(pool(2)), "False PodRefused"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("situations")
  void tells(String situation, Seen seen, String expected) {
    assertThat(
            ConditionWriter.find(status(seen).conditions(), PoolStatus.WARM_POOL_READY)
                .map(condition -> condition.getStatus() + " " + condition.getReason())
                .orElse(""))
        .isEqualTo(expected);
  }

  @Test
  void usersAreToldOfTroubleAndOfItsEnd() {
    assertThat(news(pool(2), STUCK))
        .hasValueSatisfying(
            news -> {
              assertThat(news.trouble()).isTrue();
              assertThat(news.reason()).isEqualTo("ImagePullFailed");
              assertThat(news.note())
                  .contains("-l agentservice.dev/warm,agentservice.dev/deployment=echo");
            });
    assertThat(news(STUCK, FULL))
        .contains(new Announcement(false, "WarmPoolFilled", "Sandboxes that wait: 2."));
  }

  @Test
  void usersAreToldOfAnotherSize() {
    assertThat(news(FULL, ready(pool(3), 2)))
        .contains(new Announcement(false, "WarmPoolFilling", "Sandboxes that will wait: 3."));
    assertThat(news(FULL, pool(0))).map(Announcement::reason).contains("WarmPoolEmptied");
    assertThat(news(pool(0), pool(0))).isEmpty();
  }

  @Test
  void thatSandboxesAreTakenAndMadeIsNoNews() {
    assertThat(news(FULL, ready(after(FULL, pool(2)), 1))).isEmpty();
  }

  private static Optional<Announcement> news(Seen before, Seen now) {
    return PoolStatus.news(status(before), status(now));
  }

  private static AgentDeploymentStatus status(Seen seen) {
    return DeploymentStatus.of(seen.observation());
  }

  /** What {@code now} is where the status still tells of {@code before}. */
  private static Seen after(Seen before, Seen now) {
    now.observation().deployment().setStatus(status(before));
    return now;
  }

  private static Seen edited(Seen seen) {
    var metadata = seen.observation().deployment().getMetadata();
    metadata.setGeneration(metadata.getGeneration() + 1);
    return seen;
  }

  private static Seen refused(Seen seen) {
    var observation = seen.observation();
    var pod =
        WarmPod.of(
            observation.deployment(),
            observation.versions().getFirst(),
            observation.sandboxes(),
            "seed");
    return seen.refused(new DeploymentAction.CreateWarm(pod), 403);
  }

  private static Seen without(Seen seen) {
    return new Seen(seen.observation().withSandboxes(new SandboxSettings(Optional.empty(), false)));
  }

  /** A deployment whose agents a launcher starts, with its version, and an empty pool. */
  private static Seen pool(int size) {
    var seen =
        deployment("A")
            .launcher("launcher:1")
            .spec(
                spec ->
                    spec.withTemplate(launched(spec.template())).withWarmPool(new WarmPool(size)));
    var genuine = Seen.version("A", 1, "uid-1");
    var current = new AgentVersion();
    current.setMetadata(genuine.getMetadata());
    current.getMetadata().setName(version());
    current.setSpec(
        new AgentVersionSpec("echo", 1L, seen.observation().deployment().getSpec().template()));
    return new Seen(seen.observation().withVersions(List.of(current)));
  }

  private static Template launched(Template template) {
    return template.withCommand(List.of("/agent"));
  }

  private static String version() {
    var template = deployment("A").observation().deployment().getSpec().template();
    return RecipeName.of("echo", launched(template));
  }

  private static Seen ready(Seen seen, int count) {
    var next = seen;
    for (var made = 0; made < count; made++) {
      next = next.pool("ready-" + made, version(), true, false, 60);
    }
    return next;
  }
}
