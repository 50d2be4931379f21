package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.Supervision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the root of a node sees of a supervised agent, whose image is one static program, beside one
 * that the container runtime starts itself.
 */
class LauncherTest {

  private static final Canary SUPERVISED = Canary.random();
  private static final Canary DIRECT = Canary.random();

  private static Tenant tenant;

  @BeforeAll
  static void bothServe() {
    Node.assumeOurs("that the value of a supervised agent is in none of the node's files");
    tenant = Tenant.create();
    tenant.applyDeployment(
        template -> template.withCommand(List.of("/agent")).withArgs(List.of("--debug")));
    serve("supervised", SUPERVISED);
    tenant.editTemplate(template -> template.withSupervision(Supervision.NONE));
    serve("direct", DIRECT);
  }

  @AfterAll
  static void deleteThem() {
    if (tenant != null) {
      tenant.close();
    }
  }

  @Test
  void theProcessIdIsTheAgents() throws IOException {
    var status = tenant.service("supervised").getStatus();

    assertThat(agent().command()).containsExactly("/agent", "--debug");
    assertThat(agent().idInItsSandbox()).isEqualTo(status.processId());
    assertThat(agent().parent().idInItsSandbox()).isEqualTo(1);
    assertThat(agent().parent().command().getFirst()).isEqualTo("/agentservice/launcher");
  }

  @Test
  void noOtherProcessHasTheValueInItsEnv() throws IOException {
    assertThat(agent().parent().env()).contains("HOSTNAME=").doesNotContain(SUPERVISED.value());
    assertThat(NodeProcess.startedWith(SUPERVISED)).hasSize(1);
  }

  @Test
  void itIsInNoFileOfTheNode() throws IOException {
    var directFound = false;
    var runtime = agent().parent().parent().folder().resolve("root/run/containerd");
    var files = new ArrayList<>(Node.filesIn(runtime));
    files.addAll(Node.files("var"));
    for (var file : files) {
      var content = Node.content(file);
      SUPERVISED.assertHiddenIn(content);
      directFound |= content.contains(DIRECT.value());
    }
    assertThat(directFound).as("the search works: it finds the other agent's value").isTrue();
  }

  @Test
  void itsLogHasTheLaunchersWordsAndNotTheValue() {
    var log = tenant.bash("kubectl logs --all-containers " + sandbox());
    assertThat(log).contains("\"event\":\"started\"");
    SUPERVISED.assertHiddenIn(log);
  }

  private static void serve(String service, Canary canary) {
    tenant.applyTransientSecret(service + "-env", Map.of("API_TOKEN", canary.value()));
    tenant.applyService(service, spec -> spec.withEnvSecret(new EnvSecret(service + "-env")));
    tenant.awaitReady(service);
  }

  private static String sandbox() {
    return tenant.service("supervised").getStatus().sandboxId();
  }

  private static NodeProcess agent() throws IOException {
    return NodeProcess.startedWith(SUPERVISED).getFirst();
  }
}
