package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.e2e.chaos.NodeProcess;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.Supervision;
import dev.agentservice.v1alpha1.WarmPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the root of a node sees of supervised agents, whose image is one static program, one started
 * cold and one in a sandbox that waited, beside one that the container runtime starts itself.
 */
class LauncherTest {

  private static final Canary COLD = Canary.random();
  private static final Canary WARM = Canary.random();
  private static final Canary DIRECT = Canary.random();

  private static Tenant tenant;

  @BeforeAll
  static void allServe() {
    Node.assumeOurs("that the value of a supervised agent is in none of the node's files");
    tenant = Tenant.create();
    tenant.applyDeployment(
        template -> template.withCommand(List.of("/agent")).withArgs(List.of("--debug")));
    serve("cold", COLD);
    tenant.editDeployment(spec -> spec.withWarmPool(new WarmPool(1)));
    Tenant.patiently().until(() -> tenant.waiting().stream().anyMatch(Tenant::isReady));
    serve("warm", WARM);
    tenant.editDeployment(spec -> spec.withWarmPool(null));
    tenant.editTemplate(template -> template.withSupervision(Supervision.NONE));
    serve("direct", DIRECT);
  }

  @AfterAll
  static void deleteThem() {
    if (tenant != null) {
      tenant.close();
    }
  }

  static Stream<Arguments> supervised() {
    return Stream.of(arguments("cold", COLD), arguments("warm", WARM));
  }

  @ParameterizedTest(name = "{0}") // no value in a report
  @MethodSource("supervised")
  void theProcessIdIsTheAgents(String service, Canary canary) throws IOException {
    var agent = agentWith(canary);

    assertThat(agent.command()).containsExactly("/agent", "--debug");
    assertThat(agent.idInItsSandbox()).isEqualTo(tenant.service(service).getStatus().processId());
    assertThat(agent.parent().idInItsSandbox()).isEqualTo(1);
    assertThat(agent.parent().command().getFirst()).isEqualTo("/agentservice/launcher");
  }

  @ParameterizedTest(name = "{0}") // no value in a report
  @MethodSource("supervised")
  void noOtherProcessHasTheValueInItsEnv(String service, Canary canary) throws IOException {
    assertThat(agentWith(canary).parent().env())
        .as("of the launcher of " + service)
        .contains("HOSTNAME=")
        .doesNotContain(canary.value());
    assertThat(NodeProcess.startedWith(canary.value())).hasSize(1);
  }

  @Test
  void itIsInNoObject() {
    var everything = Cluster.everyObject();
    assertThat(everything).as("the search works: it finds the pods").contains(sandbox("warm"));
    assertHidden(everything);
  }

  @Test
  void itIsInNoLogOfTheClusters() throws IOException {
    assertHidden(Cluster.log("operator"));
    for (var file : Node.files("log")) {
      assertHidden(Node.content(file));
    }
  }

  @Test
  void itIsInNoFileOfTheNode() throws IOException {
    var directFound = false;
    var runtime = agentWith(COLD).parent().parent().folder().resolve("root/run/containerd");
    var files = new ArrayList<>(Node.filesIn(runtime));
    files.addAll(Node.files("var"));
    for (var file : files) {
      var content = Node.content(file);
      assertHidden(content);
      directFound |= content.contains(DIRECT.value());
    }
    assertThat(directFound).as("the search works: it finds the other agent's value").isTrue();
  }

  @Test
  void itsLogHasTheLaunchersWordsAndNotTheValue() {
    for (var service : List.of("cold", "warm")) {
      var log = tenant.bash("kubectl logs --all-containers " + sandbox(service));
      assertThat(log).contains("\"event\":\"started\"");
      assertHidden(log);
    }
  }

  private static void serve(String service, Canary canary) {
    tenant.applyTransientSecret(service + "-env", Map.of("API_TOKEN", canary.value()));
    tenant.applyService(service, spec -> spec.withEnvSecret(new EnvSecret(service + "-env")));
    tenant.awaitReady(service);
  }

  private static void assertHidden(String text) {
    COLD.assertHiddenIn(text);
    WARM.assertHiddenIn(text);
  }

  private static String sandbox(String service) {
    return tenant.service(service).getStatus().sandboxId();
  }

  private static NodeProcess agentWith(Canary canary) throws IOException {
    return NodeProcess.startedWith(canary.value()).getFirst();
  }
}
