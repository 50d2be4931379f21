package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator works only while it holds the lease. */
@OnApiServer
class LeaseTest {

  @TempDir private Path work;

  @Test
  void aLostLeaseEndsTheProcess(ControlPlane plane) throws Exception {
    var tenant = Tenant.in(plane);
    var operator = OperatorProcess.start(plane, tenant, work, Map.of("POD_NAME", "one"));
    try {
      awaitHolder(tenant, "one");
      lease(tenant)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"holderIdentity\": \"two\"}}");
      assertThat(operator.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(operator.exitValue()).isEqualTo(1);
    } finally {
      operator.destroyForcibly().waitFor();
    }
  }

  @Test
  void aGracefulEndGivesTheLeaseBack(ControlPlane plane) throws Exception {
    var tenant = Tenant.in(plane);
    var operator = OperatorProcess.start(plane, tenant, work, Map.of("POD_NAME", "one"));
    try {
      awaitHolder(tenant, "one");
      operator.destroy();
      assertThat(operator.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(lease(tenant).get().getSpec().getHolderIdentity()).isNullOrEmpty();
    } finally {
      operator.destroyForcibly().waitFor();
    }
  }

  @Test
  void onlyTheLeaderCountsServices(ControlPlane plane) throws Exception {
    var tenant = Tenant.in(plane);
    tenant.applyService("s", spec -> spec);
    var one = new Scrape(Scrape.freePort());
    var two = new Scrape(Scrape.freePort());
    var leader = start(plane, tenant, "one", one);
    try {
      awaitHolder(tenant, "one");
      var standby = start(plane, tenant, "two", two);
      try {
        await().ignoreExceptions().until(() -> two.read().value("agentservice_leader") == 0);
        assertThat(two.read().values("agentservice_services")).isEmpty();
        await()
            .untilAsserted(
                () ->
                    assertThat(one.read().values("agentservice_services"))
                        .containsEntry("{phase=\"starting\"}", 1.0));

        leader.destroy();
        awaitHolder(tenant, "two");
        await()
            .untilAsserted(
                () ->
                    assertThat(two.read().values("agentservice_services"))
                        .containsEntry("{phase=\"starting\"}", 1.0));
        assertThat(two.read().value("agentservice_leader")).isEqualTo(1);
      } finally {
        standby.destroyForcibly().waitFor();
      }
    } finally {
      leader.destroyForcibly().waitFor();
    }
  }

  private Process start(ControlPlane plane, Tenant tenant, String name, Scrape scrape)
      throws IOException {
    return OperatorProcess.start(
        plane,
        tenant,
        work,
        Map.of("POD_NAME", name, "HEALTH_PORT", Integer.toString(scrape.port())));
  }

  private static void awaitHolder(Tenant tenant, String identity) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> identity.equals(lease(tenant).get().getSpec().getHolderIdentity()));
  }

  private static Resource<Lease> lease(Tenant tenant) {
    return tenant
        .client()
        .leases()
        .inNamespace(tenant.namespace())
        .withName("agentservice-operator");
  }
}
