package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.api.service.Steps;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The installation's keys change while calls are sent again. */
@OnApiServer
class RotationTest {

  private static final String SECRET = "agentservice-api-fingerprint-keys";
  private static final String ENVS = "{\"envs\": {\"A\": \"1\"}}";

  private final Kubernetes kubernetes;
  private final Tenant tenant;

  RotationTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
    tenant = Tenant.in(kubernetes).withDeployment();
  }

  @Test
  void anAddedKeySignsAndTheFormerStillVerifies() {
    try (var before = replica()) {
      assertThat(tenant.create(before, "old", ENVS).statusCode()).isEqualTo(201);
      keys(data -> data.put("99991231T000000Z", newKey()));
      try (var after = replica()) {
        assertThat(tenant.create(after, "new", ENVS).statusCode()).isEqualTo(201);
        assertThat(tenant.services())
            .extracting(
                service ->
                    service
                        .getMetadata()
                        .getAnnotations()
                        .get("agentservice.dev/request-fingerprint"))
            .anyMatch(fingerprint -> fingerprint.startsWith("99991231T000000Z."));

        // each knows what the other one signed; the one that was there before learns the key
        assertThat(tenant.create(after, "old", ENVS).statusCode()).isEqualTo(201);
        assertThat(tenant.create(before, "new", ENVS).statusCode()).isEqualTo(201);
      }
    }
  }

  @Test
  void whatCannotBeComparedIsNeverCreatedAgain() {
    try (var before = replica()) {
      assertThat(tenant.create(before, "old", ENVS).statusCode()).isEqualTo(201);
    }
    keys(
        data -> {
          data.clear();
          data.put("99991231T000000Z", newKey());
        });
    try (var after = replica()) {
      var answer = tenant.create(after, "old", ENVS);

      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(Http.json(answer).get("code").asText()).isEqualTo("unknown_fingerprint_key");
      assertThat(tenant.services()).hasSize(1);
    }
  }

  private Replica replica() {
    return Replica.of(
        kubernetes.newClient(), Map.of("POD_NAMESPACE", tenant.namespace()), Steps.UNHEARD);
  }

  private void keys(Consumer<Map<String, String>> change) {
    kubernetes
        .client()
        .secrets()
        .inNamespace(tenant.namespace())
        .withName(SECRET)
        .edit(
            secret -> {
              change.accept(secret.getData());
              return secret;
            });
  }

  private static String newKey() {
    return Base64.getEncoder().encodeToString(new byte[32]);
  }
}
