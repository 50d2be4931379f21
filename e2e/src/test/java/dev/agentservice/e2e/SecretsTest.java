package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.EnvSpec;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Secret values reach the agent and are nowhere else, whether it serves or does its worst: writes
 * its env to standard error and its termination log and crashes, or answers its readiness check
 * with it.
 */
class SecretsTest {

  private static final Canary SERVED = Canary.random();
  private static final Canary UNREADY = Canary.random();
  private static final Canary BLURTED = Canary.random();
  private static final Canary REFUSED = Canary.random();

  private static Tenant tenant;
  private static Watch watch;

  /** Every version that every pod of the tenant ever had. */
  private static final Queue<String> PODS = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void allGetTheirValues() {
    tenant = Tenant.create();
    watch = tenant.client().pods().inNamespace(tenant.namespace()).watch(remember());
    tenant.applyDeployment(template -> template);
    apply("served", SERVED);
    tenant.awaitReady("served");

    recipe(template -> template.withArgs(List.of("--leak-env-in-healthz=500")));
    apply("unready", UNREADY);
    Tenant.patiently().untilAsserted(() -> assertThat(events()).contains("statuscode: 500"));

    recipe(
        template ->
            template
                .withArgs(List.of("--leak-env-and-crash"))
                .withRestartPolicy(RestartPolicy.NEVER));
    apply("blurted", BLURTED);
    tenant.await("blurted", "failed Exited");
    tenant.editService("blurted", spec -> spec.withRestartId("two"));
    tenant.await("blurted", "failed EnvSecretConsumed");

    recipe(template -> template.withEnvSpec(new EnvSpec(null, List.of("LOG_LEVEL"), null)));
    apply("refused", REFUSED);
    tenant.await("refused", "failed EnvNotAllowed");
  }

  @AfterAll
  static void deleteThem() {
    watch.close();
    tenant.close();
  }

  @Test
  void theAgentHasIt() {
    assertThat(tenant.agent("served").has("API_TOKEN", SERVED.value())).isTrue();
  }

  @Test
  void theSecretsAreGone() {
    for (var service : List.of("served", "unready", "blurted", "refused")) {
      assertThat(tenant.hasSecret(service + "-env")).as(service).isFalse();
    }
  }

  @Test
  void noObjectHoldsIt() {
    var everything = Cluster.everyObject();
    assertThat(everything)
        .as("the search works: it finds the Secrets' names")
        .contains("served-env", "blurted-env");
    assertHidden(everything);
  }

  /** The kubelet copies termination messages into the status of a pod, which is then deleted. */
  @Test
  void noVersionOfAPodHeldIt() {
    var pods = String.join("", PODS);
    assertThat(pods).as("the crash was seen").contains("exitCode: 1");
    assertHidden(pods);
  }

  @Test
  void noEventHoldsIt() {
    assertThat(events()).contains("blurted");
    assertHidden(events());
  }

  @Test
  void theOperatorDidNotLogIt() {
    var log = Cluster.log("operator");
    assertThat(log.contains(tenant.namespace())).as("it is the right log").isTrue();
    assertHidden(log);
  }

  @Test
  void theAuditLogHasItNot() throws IOException {
    assumeTrue(Cluster.auditLog().isPresent(), "CLUSTER_AUDIT_LOG names no audit log");
    var log = Files.readString(Cluster.auditLog().get());
    assertThat(log.contains("blurted-env")).as("it is the right log").isTrue();
    assertHidden(log);
  }

  /** Its log has every version of every object, in the clear but for Secrets. */
  @Test
  void theDatabaseNeverHadIt() throws IOException {
    Node.assumeOurs("that etcd's files hold no secret value");
    var found = false;
    for (var file : Node.files("etcd")) {
      var content = Node.content(file);
      found |= content.contains("blurted-env");
      assertHidden(content);
    }
    assertThat(found).as("the search works: it finds the Secret's name").isTrue();
  }

  @Test
  void noComponentLoggedIt() throws IOException {
    Node.assumeOurs("that no component of the cluster logs a secret value");
    for (var file : Node.files("log")) {
      assertHidden(Files.readString(file));
    }
  }

  private static void recipe(UnaryOperator<Template> change) {
    tenant.editTemplate(template -> change.apply(template.withArgs(null).withRestartPolicy(null)));
    tenant.activeVersion();
  }

  private static void apply(String service, Canary canary) {
    var secret = service + "-env";
    tenant.applyTransientSecret(secret, Map.of("API_TOKEN", canary.value()));
    tenant.applyService(
        service, spec -> spec.withEnvSecret(new EnvSecret(secret)).withRestartId("one"));
  }

  private static String events() {
    return Serialization.asYaml(
        tenant.client().v1().events().inNamespace(tenant.namespace()).list().getItems());
  }

  private static void assertHidden(String text) {
    for (var canary : List.of(SERVED, UNREADY, BLURTED, REFUSED)) {
      canary.assertHiddenIn(text);
    }
  }

  private static Watcher<Pod> remember() {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Pod pod) {
        PODS.add(Serialization.asYaml(pod));
      }

      @Override
      public void onClose(WatcherException cause) {
        // then the crash is not seen, and a test says so
      }
    };
  }
}
