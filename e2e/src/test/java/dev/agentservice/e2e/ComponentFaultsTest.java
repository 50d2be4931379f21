package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentservice.e2e.chaos.KeptOperator;
import dev.agentservice.e2e.chaos.LeaseRights;
import dev.agentservice.e2e.chaos.PodHistory;
import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Parts of the cluster itself that are frozen or killed: only on the cluster of this repository.
 */
@Isolated
@Tag("chaos")
class ComponentFaultsTest {

  private static Tenant tenant;
  private static KeptOperator operator;
  private PodHistory pods;
  private AgentServiceStatus plain;

  @BeforeAll
  static void ownOperator(@TempDir Path work) {
    assumeTrue(
        Cluster.auditLog().isPresent(),
        "NOT TESTED: faults of the cluster's own components. They need the cluster of this repository: unset KUBECONFIG");
    Repository.stopOperator();
    tenant = Tenant.create();
    var kubeconfig = Repository.grantRights(work);
    LeaseRights.grant(tenant.client(), tenant.namespace());
    operator =
        new KeptOperator(
            kubeconfig,
            work.resolve("log"),
            Map.of("WATCH_NAMESPACES", tenant.namespace(), "POD_NAMESPACE", tenant.namespace()));
    tenant.applyDeployment(template -> template.withArgs(List.of("--debug")));
  }

  @AfterAll
  static void asItWas() {
    if (operator != null) {
      operator.close();
      tenant.close();
      Repository.startOperator();
    }
  }

  @BeforeEach
  void twoReadyServices() {
    pods = PodHistory.of(tenant.client(), tenant.namespace());
    tenant.applyService("plain", spec -> spec);
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", "value"));
    tenant.applyService("secret", spec -> spec.withEnvSecret(new EnvSecret("env-1")));
    plain = tenant.awaitReady("plain").getStatus();
    tenant.awaitReady("secret");
  }

  @AfterEach
  void neverTwoPodsAndNothingLeft() {
    // also after a test that broke off: the next one needs them
    List.of("etcd", "kube-apiserver", "kubelet")
        .forEach(component -> Repository.cluster("start", component));
    patiently().ignoreExceptions().until(() -> tenant.pods() != null);
    tenant.bash("kubectl delete asvc --all");
    patiently()
        .untilAsserted(
            () ->
                assertThat(tenant.bash("kubectl get pods,services,endpointslices,secrets -o name"))
                    .isEmpty());
    pods.close();
    assertThat(pods.duplicates()).isEmpty();
    if (pods.gaps() > 0) {
      System.out.println(
          "watch gaps, so that a short second pod may have been missed: " + pods.gaps());
    }
  }

  @Test
  void theApiServerIsStartedAgain() {
    // asked to end it would wait for its watches to
    Repository.cluster("stop", "kube-apiserver", "KILL");
    Repository.cluster("start", "kube-apiserver");
    goesOnAsBefore();
  }

  /** Longer than the lease lasts: the operator ends, and its successor goes on. */
  @Test
  void theApiServerIsFrozenForHalfAMinute() {
    var starts = operator.starts();
    Repository.cluster("stop", "kube-apiserver", "STOP");
    var end = Instant.now().plusSeconds(30);
    patiently().until(() -> Instant.now().isAfter(end));
    Repository.cluster("start", "kube-apiserver");
    goesOnAsBefore();
    assertThat(operator.starts()).isGreaterThan(starts);
  }

  @Test
  void etcdIsStartedAgain() {
    Repository.cluster("stop", "etcd", "KILL");
    Repository.cluster("start", "etcd");
    goesOnAsBefore();
  }

  /** Transient values are held to be lost with their node; other services wait for it. */
  @Test
  void theNodeGoesAndComesBack() {
    Repository.cluster("stop", "kubelet", "KILL");
    try {
      await("plain", "unhealthy NodeLost");
      await("secret", "failed NodeLost");
    } finally {
      Repository.cluster("start", "kubelet");
    }
    await("plain", "ready Serving");
    assertThat(tenant.service("plain").getStatus().sandboxId()).isEqualTo(plain.sandboxId());
    patiently()
        .until(
            () ->
                tenant.pods().stream()
                    .noneMatch(pod -> pod.getMetadata().getName().startsWith("secret-")));
    assertThat(Tenant.outcome(tenant.service("secret"))).isEqualTo("failed NodeLost");
  }

  @Test
  void theContainersAreKilled() {
    killContainer(plain.sandboxId());
    killContainer(tenant.service("secret").getStatus().sandboxId());
    await("secret", "failed Exited");
    tenant.await(
        "plain",
        service -> {
          assertThat(Tenant.outcome(service)).isEqualTo("ready Serving");
          assertThat(service.getStatus().readinessStatus().restartCount()).isEqualTo(1);
        });
    assertThat(tenant.service("secret").getStatus().readinessStatus().lastExitCode())
        .isEqualTo(137);
  }

  @Test
  void allThatAServiceHasIsDeletedByHand() {
    tenant.bash("kubectl delete pods,services --all");
    await("secret", "failed EnvLost");
    tenant.awaitReady("plain", 2);
  }

  /** After its pod was made, and before the node started it. */
  @Test
  void aSecretIsDeletedByHandBeforeItWasRead() {
    Repository.cluster("stop", "kubelet", "STOP");
    try {
      tenant.editTemplate(template -> template.withStartTimeoutSeconds(20));
      tenant.activeVersion();
      tenant.applyTransientSecret("env-2", Map.of("API_TOKEN", "value"));
      tenant.applyService("robbed", spec -> spec.withEnvSecret(new EnvSecret("env-2")));
      patiently()
          .until(
              () ->
                  tenant.pods().stream()
                      .anyMatch(pod -> pod.getMetadata().getName().startsWith("robbed-")));
      tenant.bash("kubectl delete secret env-2");
    } finally {
      Repository.cluster("start", "kubelet");
    }
    await("robbed", "failed CreateContainerConfigError");
    tenant.editTemplate(template -> template.withStartTimeoutSeconds(120));
  }

  /** What was ready is untouched, and what comes next works. */
  private void goesOnAsBefore() {
    patiently()
        .ignoreExceptions()
        .until(
            () -> {
              if (tenant.service("next") == null) {
                tenant.applyService("next", spec -> spec);
              }
              return true;
            });
    await("next", "ready Serving");
    await("plain", "ready Serving");
    await("secret", "ready Serving");
    assertThat(tenant.service("plain").getStatus().sandboxId()).isEqualTo(plain.sandboxId());
    assertThat(tenant.service("secret").getStatus().attempt()).isEqualTo(1);
  }

  private static void killContainer(String pod) {
    tenant.bash(
        "id=$(kubectl get pod %s -o 'jsonpath={.status.containerStatuses[0].containerID}'); ctr --namespace k8s.io tasks kill --signal SIGKILL \"${id#containerd://}\""
            .formatted(pod));
  }

  /** With an API server that may be away, and a node that takes 50 s to be missed. */
  private static void await(String service, String outcome) {
    patiently()
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(Tenant.outcome(tenant.service(service))).isEqualTo(outcome));
  }

  private static ConditionFactory patiently() {
    return Awaitility.await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(200));
  }
}
