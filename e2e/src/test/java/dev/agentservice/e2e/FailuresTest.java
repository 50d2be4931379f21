package dev.agentservice.e2e;

import static dev.agentservice.e2e.Outcome.failed;
import static dev.agentservice.e2e.Outcome.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.EnvSpec;
import dev.agentservice.v1alpha1.Resources;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can befall a service on a real node, and how it ends: one row each. */
class FailuresTest {

  private static final String ENV_SECRET = "env-1";
  private static final String ENV_LOST =
      "The sandbox is gone and with it the transient env it was given.";

  @AutoClose private final Tenant tenant = Tenant.create();

  /**
   * One row of the table.
   *
   * @param befalls what happens to the service once it is ready; null where it never gets there
   * @param ends where it is in the end
   */
  record Row(
      String what,
      UnaryOperator<Template> template,
      UnaryOperator<AgentServiceSpec> spec,
      Consumer<Tenant> befalls,
      Outcome ends) {

    @Override
    public String toString() {
      return what;
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void ends(Row row) {
    tenant.applyDeployment(row.template);
    tenant.applyTransientSecret(ENV_SECRET, Map.of("API_TOKEN", "value"));
    tenant.applyService("s", row.spec);
    if (row.befalls != null) {
      tenant.awaitReady("s");
      row.befalls.accept(tenant);
    }
    var ended = tenant.await("s", row.ends);

    assertThat(ended.getStatus().stoppedAt()).isNotNull();
    tenant.awaitNoPods();
    row.ends.isThatOf(tenant.service("s"));
    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(tenant.events())
                    .contains(row.ends.reason() + ": " + row.ends.sentence()));
    System.out.printf("seen: %s · %s%n", row.what, row.ends);
  }

  static Stream<Row> rows() {
    return Stream.of(
        exits(1, failed("Exited", "The agent exited with code 1.")),
        exits(0, stopped("Completed", "The agent finished its work and exited with code 0.")),
        never(
            "keeps crashing, until its deadline",
            template ->
                template
                    .withArgs(List.of("--listen-after=1m", "--exit-after=100ms", "--exit-code=3"))
                    .withStartTimeoutSeconds(27),
            failed("CrashLoop", "The agent keeps exiting, last with code 3.")),
        never(
            "image missing",
            template ->
                template.withImage("localhost/agentservice/absent:1").withStartTimeoutSeconds(20),
            failed(
                "ImagePullFailed", "The image localhost/agentservice/absent:1 cannot be pulled.")),
        never(
            "image name invalid",
            template -> template.withImage("two:many:colons"),
            failed("InvalidImageName", "The image name two:many:colons is not valid.")),
        never(
            "command missing in the image",
            template -> template.withCommand(List.of("/no-such-program")),
            failed("ContainerCannotRun", "The node cannot start the container's command.")),
        never(
            "larger than any node",
            template ->
                template
                    .withResources(new Resources(Map.of("cpu", new Quantity("1000")), null))
                    .withStartTimeoutSeconds(5),
            failed("Unschedulable", "No node can take the sandbox.")),
        never(
            "never answers its readiness check",
            template ->
                template.withArgs(List.of("--listen-after=10m")).withStartTimeoutSeconds(30),
            failed("ProbeFailed", "The agent runs but its readiness check fails.")),
        never(
            "required env missing",
            template -> template.withEnvSpec(new EnvSpec(List.of("API_TOKEN"), null, null)),
            failed("EnvMissing", "The recipe requires env API_TOKEN, which nothing brings.")),
        new Row(
            "undeclared env",
            template -> template.withEnvSpec(new EnvSpec(null, List.of("LOG_LEVEL"), null)),
            FailuresTest::withEnv,
            null,
            failed("EnvNotAllowed", "The recipe does not allow env API_TOKEN.")),
        withEnv(
            "out of memory",
            template ->
                template.withResources(new Resources(null, Map.of("memory", new Quantity("32Mi")))),
            tenant -> tenant.agent("s").misbehave("/debug/allocate?mib=200"),
            failed("OOMKilled", "The agent was killed for using more memory than its limit.")),
        withEnv(
            "exits with 3",
            template -> template,
            tenant -> tenant.agent("s").misbehave("/debug/exit?code=3"),
            failed("Exited", "The agent exited with code 3.")),
        withEnv(
            "container killed",
            template -> template,
            tenant -> Node.killContainer(tenant.pods().getFirst()),
            failed("Exited", "The agent exited with code 137.")),
        withEnv(
            "exits with 0 though it should serve",
            template -> template,
            tenant -> tenant.agent("s").misbehave("/debug/exit?code=0"),
            failed("EnvLost", ENV_LOST)),
        withEnv(
            "pod deleted by hand",
            template -> template,
            tenant -> tenant.bash("kubectl delete pod --all"),
            failed("EnvLost", ENV_LOST)));
  }

  private static Row exits(int code, Outcome ends) {
    return never(
        "exits with %d under restartPolicy Never".formatted(code),
        template ->
            template
                .withArgs(List.of("--exit-after=1s", "--exit-code=" + code))
                .withRestartPolicy(RestartPolicy.NEVER),
        ends);
  }

  /** It never gets ready, or not for long. */
  private static Row never(String what, UnaryOperator<Template> template, Outcome ends) {
    return new Row(what, template, spec -> spec, null, ends);
  }

  private static Row withEnv(
      String what, UnaryOperator<Template> template, Consumer<Tenant> befalls, Outcome ends) {
    return new Row(
        "with transient env: " + what,
        recipe -> template.apply(recipe).withArgs(List.of("--debug")),
        FailuresTest::withEnv,
        befalls,
        ends);
  }

  private static AgentServiceSpec withEnv(AgentServiceSpec spec) {
    return spec.withEnvSecret(new EnvSecret(ENV_SECRET));
  }
}
