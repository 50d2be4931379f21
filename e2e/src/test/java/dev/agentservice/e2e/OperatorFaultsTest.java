package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.e2e.chaos.ApiProxy;
import dev.agentservice.e2e.chaos.LeaseRights;
import dev.agentservice.e2e.chaos.OperatorProcess;
import dev.agentservice.e2e.chaos.PodHistory;
import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.DesiredState;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Operators that are ended, frozen and misled, on any cluster. The one of make up is away. */
@Isolated
class OperatorFaultsTest {

  @AutoClose private final Tenant tenant = Tenant.create();
  @AutoClose private final PodHistory pods = PodHistory.of(tenant.client(), tenant.namespace());
  @TempDir private Path work;
  private OperatorProcess one;
  private OperatorProcess two;
  private int latePods;

  @BeforeAll
  static void alone() {
    Repository.stopOperator();
  }

  @AfterAll
  static void asItWas() {
    Repository.startOperator();
  }

  @BeforeEach
  void rights() {
    LeaseRights.grant(tenant.client(), tenant.namespace());
    tenant.applyDeployment(template -> template.withArgs(List.of("--debug")));
  }

  @AfterEach
  void neverTwoPodsAndNothingLeft() {
    if (one != null) {
      one.close();
    }
    if (two != null) {
      two.close();
    }
    tenant.bash("kubectl delete asvc --all");
    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(tenant.bash("kubectl get pods,services,endpointslices,secrets -o name"))
                    .isEmpty());
    assertThat(pods.gaps()).isZero();
    assertThat(pods.duplicates()).hasSize(latePods);
  }

  @Test
  void aLeaderThatEndsIsFollowedAtOnce() {
    one = leading("one");
    two = waiting("two");
    tenant.applyService("before", spec -> spec);
    var sandbox = tenant.awaitReady("before").getStatus().sandboxId();

    one.terminate();
    tenant.applyService("after", spec -> spec);
    tenant.awaitReady("after");
    assertThat(holder()).isEqualTo("two");
    assertThat(tenant.service("before").getStatus().sandboxId()).isEqualTo(sandbox);
  }

  @Test
  void aKilledLeaderIsFollowedWhenItsLeaseRunsOut() {
    one = leading("one");
    two = waiting("two");
    tenant.applyService("before", spec -> spec);
    var sandbox = tenant.awaitReady("before").getStatus().sandboxId();

    one.kill();
    tenant.applyService("in-the-gap", spec -> spec);
    tenant.awaitReady("in-the-gap");
    assertThat(holder()).isEqualTo("two");
    assertThat(tenant.service("before").getStatus().sandboxId()).isEqualTo(sandbox);
  }

  @Test
  void aFrozenLeaderWritesNothingAfterItWasFollowed() {
    var kubeconfig = kubeconfig("one");
    var credential = Credential.of(kubeconfig);
    one = start("one", kubeconfig);
    Tenant.patiently().until(() -> holder().equals("one"));
    two = waiting("two");
    tenant.applyTransientSecret("env-1", Map.of("API_TOKEN", "value"));
    tenant.applyService("s", spec -> spec.withRestartId("1").withEnvSecret(new EnvSecret("env-1")));
    Tenant.patiently().until(() -> !tenant.pods().isEmpty());
    one.freeze(); // in the middle of a start

    Tenant.patiently().until(() -> holder().equals("two"));
    tenant.awaitReady("s", 1);
    tenant.applyTransientSecret("env-2", Map.of("API_TOKEN", "other"));
    tenant.editService("s", spec -> spec.withRestartId("2").withEnvSecret(new EnvSecret("env-2")));
    var service = tenant.awaitReady("s", 2);
    one.thaw();

    assertThat(one.awaitExit(Duration.ofSeconds(60))).as("exit code of a lost lease").isOne();
    assertThat(tenant.service("s").getMetadata().getResourceVersion())
        .isEqualTo(service.getMetadata().getResourceVersion());
    assertThat(tenant.hasSecret("env-2")).isFalse();
    Cluster.auditLog()
        .ifPresentOrElse(
            log -> {
              assertThat(credential.writesSince(log, Instant.EPOCH)).isNotEmpty();
              assertThat(credential.writesSince(log, acquired()))
                  .as("writes of the frozen leader that succeeded after it was followed")
                  .isEmpty();
            },
            () -> System.out.println("NOT LOOKED AT: the audit log, which this cluster keeps"));
  }

  @Test
  void aStartDeadlineRunsOnWhileNoOperatorIsThere() {
    one = leading("one");
    tenant.editTemplate(
        template -> template.withStartTimeoutSeconds(12).withArgs(List.of("--listen-after", "1h")));
    tenant.activeVersion();
    tenant.applyService("late", spec -> spec);
    Tenant.patiently().until(() -> !tenant.pods().isEmpty());
    one.kill();
    var attempt = tenant.service("late").getStatus().attemptStartedAt();

    var deadline = Instant.parse(attempt).plusSeconds(12);
    Tenant.patiently().until(() -> Instant.now().isAfter(deadline));

    two = start("one", kubeconfig("two")); // the same identity: it need not wait for the lease
    var failed = tenant.await("late", "failed ProbeFailed").getStatus();
    assertThat(failed.attempt()).isEqualTo(1);
    assertThat(failed.attemptStartedAt()).isEqualTo(attempt);
    tenant.awaitNoPods();
  }

  /** The operator dies with a create on its way, and what was asked for is no longer wanted. */
  @Test
  void aPodThatIsMadeFortySecondsLateIsRemoved() {
    try (var proxy = dieWithCreateUnderWay("stopped")) {
      tenant.editService("stopped", spec -> spec.withDesiredState(DesiredState.STOPPED));
      two = start("one", kubeconfig("two"));
      tenant.await("stopped", "stopped Stopped");
      awaitFortySecondsAfterItsStart("stopped");
      assertThat(pods.seen()).isZero();

      proxy.releaseLateCreates();
      Tenant.patiently().until(() -> pods.seen() == 1);
      tenant.awaitNoPods();
      assertThat(Tenant.outcome(tenant.service("stopped"))).isEqualTo("stopped Stopped");
    }
  }

  /**
   * The one way to two pods: nobody can call a create back. The late one is removed, and no request
   * ever reaches it.
   */
  @Test
  @Tag("chaos")
  void aPodOfAFormerAttemptThatIsMadeLateIsRemoved() {
    try (var proxy = dieWithCreateUnderWay("restarted")) {
      tenant.editService("restarted", spec -> spec.withRestartId("2"));
      two = start("one", kubeconfig("two"));
      var ready = tenant.awaitReady("restarted", 2);
      awaitFortySecondsAfterItsStart("restarted");

      proxy.releaseLateCreates();
      Tenant.patiently().until(() -> pods.seen() == 2);
      Tenant.patiently().until(() -> tenant.pods().size() == 1);
      assertThat(tenant.agent("restarted").get("/")).contains(ready.getStatus().sandboxId());
      assertThat(tenant.service("restarted").getStatus()).isEqualTo(ready.getStatus());
    }
    latePods = 1;
  }

  /**
   * The first request is lost on the way: the second makes the pod, and the first finds it made.
   */
  @Test
  @Tag("chaos")
  void aPodThatIsAskedForTwiceIsMadeOnce() {
    var kubeconfig = kubeconfig("one");
    try (var proxy = new ApiProxy(kubeconfig)) {
      proxy.holdFirstPodOf("twice");
      one = start("one", proxy.kubeconfig(kubeconfig, work.resolve("proxied")));
      tenant.applyService("twice", spec -> spec);
      var ready = tenant.awaitReady("twice", 1);
      assertThat(proxy.held()).isEqualTo(1);
      proxy.releaseLateCreates();
      tenant.applyService("next", spec -> spec);
      tenant.awaitReady("next");
      assertThat(tenant.service("twice").getStatus()).isEqualTo(ready.getStatus());
      assertThat(pods.seen()).isEqualTo(2);
    }
  }

  @Test
  @Tag("chaos")
  void watchesThatBreakOffLoseNothing() {
    var kubeconfig = kubeconfig("one");
    try (var proxy = new ApiProxy(kubeconfig)) {
      one = start("one", proxy.kubeconfig(kubeconfig, work.resolve("proxied")));
      tenant.activeVersion();
      for (var i = 1; i <= 5; i++) {
        tenant.applyService("s" + i, spec -> spec.withRestartId("1"));
        assertThat(proxy.cutWatches()).isPositive();
      }
      for (var i = 1; i <= 5; i++) {
        tenant.awaitReady("s" + i, 1);
        tenant.editService("s" + i, spec -> spec.withRestartId("2"));
        proxy.cutWatches();
      }
      for (var i = 1; i <= 5; i++) {
        tenant.awaitReady("s" + i, 2);
      }
    }
  }

  private ApiProxy dieWithCreateUnderWay(String service) {
    var kubeconfig = kubeconfig("one");
    var proxy = new ApiProxy(kubeconfig);
    proxy.holdFirstPodOf(service);
    one = start("one", proxy.kubeconfig(kubeconfig, work.resolve("proxied")));
    tenant.applyService(service, spec -> spec.withRestartId("1"));
    Tenant.patiently().until(() -> proxy.held() == 1);
    one.kill();
    return proxy;
  }

  /** As late as a request can be that a load balancer or a frozen API server has held. */
  private void awaitFortySecondsAfterItsStart(String service) {
    var late =
        Instant.parse(tenant.service(service).getMetadata().getCreationTimestamp()).plusSeconds(40);
    Tenant.patiently().until(() -> Instant.now().isAfter(late));
  }

  // ---- operators of this tenant

  private OperatorProcess leading(String identity) {
    var operator = start(identity, kubeconfig(identity));
    Tenant.patiently().until(() -> holder().equals(identity));
    return operator;
  }

  private OperatorProcess waiting(String identity) {
    var operator = start(identity, kubeconfig(identity));
    Tenant.patiently().until(operator::isReady);
    return operator;
  }

  private OperatorProcess start(String identity, Path kubeconfig) {
    return OperatorProcess.start(
        identity,
        kubeconfig,
        work.resolve(identity + ".log"),
        Map.of("WATCH_NAMESPACES", tenant.namespace(), "POD_NAMESPACE", tenant.namespace()));
  }

  /** The operator's rights by a token of its own, which the audit log tells from others. */
  private Path kubeconfig(String name) {
    return Repository.grantRights(work.resolve(name));
  }

  private String holder() {
    var lease = lease();
    return lease == null || lease.getSpec().getHolderIdentity() == null
        ? ""
        : lease.getSpec().getHolderIdentity();
  }

  private Instant acquired() {
    return lease().getSpec().getAcquireTime().toInstant();
  }

  private Lease lease() {
    return tenant
        .client()
        .leases()
        .inNamespace(tenant.namespace())
        .withName("agentservice-operator")
        .get();
  }
}
