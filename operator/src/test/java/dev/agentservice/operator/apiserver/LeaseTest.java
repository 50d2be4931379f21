package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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
