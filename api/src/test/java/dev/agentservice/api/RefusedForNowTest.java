package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.api.service.Steps;
import dev.agentservice.v1alpha1.AgentDeployment;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are as they should be, in a cluster that is not. */
@OnApiServer
class RefusedForNowTest {

  private static final String ENVS = "{\"envs\": {\"A\": \"canary-4711\"}}";

  private final Kubernetes kubernetes;
  private final Tenant tenant;

  RefusedForNowTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
    tenant = Tenant.in(kubernetes).withDeployment();
  }

  @Test
  void aVersionThatIsNotCutYet() {
    kubernetes
        .client()
        .resources(AgentDeployment.class)
        .inNamespace(tenant.namespace())
        .withName("d")
        .edit(
            deployment -> {
              var spec = deployment.getSpec();
              deployment.setSpec(spec.withTemplate(spec.template().withImage("agent:2")));
              return deployment;
            });
    try (var replica = Replica.of(kubernetes)) {
      assertRefused(tenant.create(replica, "key", ENVS), 503, "version_not_ready", true);
    }
  }

  @Test
  void aServiceThatIsOnItsWayOut() {
    try (var replica = Replica.of(kubernetes)) {
      tenant.create(replica, "key", "{}");
      var service =
          tenant.edit(
              tenant.services().getFirst(),
              current -> {
                current.getMetadata().setFinalizers(List.of("example.com/wait"));
                return current;
              });
      tenant.delete(service);

      assertRefused(tenant.create(replica, "key", "{}"), 409, "service_deleted", true);
    }
  }

  @Test
  void aServiceThatOthersKeepChanging() {
    try (var others = StandIn.conflictingUpdates("agentservices");
        var replica = Replica.of(kubernetes.newClient(others), Map.of(), Steps.UNHEARD)) {
      var id = Http.json(tenant.create(replica, "key", "{}")).get("id").asText();
      var stop = "/d/services/" + id + "/stop";

      assertRefused(tenant.post(replica, stop, null, "{}"), 409, "service_changed", true);
      others.off();
      assertThat(tenant.post(replica, stop, null, "{}").statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"agentservices", "secrets"})
  void aQuotaThatIsFull(String plural) {
    try (var quota = StandIn.refusingCreates(plural, 403, "Forbidden");
        var replica = Replica.of(kubernetes.newClient(quota), Map.of(), Steps.UNHEARD)) {
      assertRefused(tenant.create(replica, "key", ENVS), 403, "refused_by_cluster", false);
      quota.off();
      assertThat(tenant.create(replica, "key", ENVS).statusCode()).isEqualTo(201);
      assertThat(tenant.secrets()).hasSize(1);
    }
  }

  private static void assertRefused(
      HttpResponse<String> answer, int status, String code, boolean retryable) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(Http.json(answer).get("code").asText()).isEqualTo(code);
    assertThat(Http.json(answer).get("retryable").asBoolean()).isEqualTo(retryable);
    assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(retryable);
    assertThat(answer.body()).doesNotContain("canary");
  }
}
