package dev.agentservice.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.e2e.chaos.Pause;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;

/** A ServiceAccount that may use the HTTP API in its namespace. */
final class Caller {

  private static final String NAME = "caller";

  private static final long PATIENCE_MILLIS = 60_000;

  private final String token;

  private Caller(String token) {
    this.token = token;
  }

  static Caller in(KubernetesClient client, String namespace) {
    var metadata = metadata(namespace);
    client.resource(new ServiceAccountBuilder().withMetadata(metadata).build()).create();
    client
        .resource(
            new RoleBindingBuilder()
                .withMetadata(metadata)
                .withNewRoleRef()
                .withKind("ClusterRole")
                .withName("agentservice-api-user")
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withNamespace(namespace)
                .withName(NAME)
                .endSubject()
                .build())
        .create();
    return new Caller(
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(NAME)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withAudiences("agentservice.dev")
                    .endSpec()
                    .build())
            .getStatus()
            .getToken());
  }

  /** Waits until the API lets it in, and knows what services of the deployment get. */
  void awaitServed(int port, String deployment) {
    if (!Pause.until(() -> isServed(port, deployment), PATIENCE_MILLIS)) {
      throw new IllegalStateException("the API does not come to know " + deployment);
    }
  }

  private boolean isServed(int port, String deployment) {
    try {
      var answer = send(request(port, deployment, ""), HttpURLConnection.HTTP_OK);
      return answer.path("active_version_id").isTextual();
    } catch (IllegalStateException _) { // its role is not known everywhere yet
      return false;
    }
  }

  /** Creates a service with transient env; gives its AgentService's name. */
  String create(int port, String deployment, String idempotencyKey) {
    var answer =
        send(
            request(port, deployment, "/services")
                .header("Idempotency-Key", idempotencyKey)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"envs\": {\"API_TOKEN\": \"value\"}}")),
            HttpURLConnection.HTTP_CREATED);
    return answer.path("id").asText().replace('_', '-');
  }

  /** Reads one service. */
  void get(int port, String deployment, String service) {
    send(request(port, deployment, "/services/" + id(service)), HttpURLConnection.HTTP_OK);
  }

  /** The service's public URL with a fresh token; empty while it has none. */
  Optional<URI> publicUrl(int port, String deployment, String service) {
    var answer =
        send(
            request(port, deployment, "/services/" + id(service) + "/url"),
            HttpURLConnection.HTTP_OK);
    return Optional.ofNullable(answer.path("public_url").textValue()).map(URI::create);
  }

  private static String id(String service) {
    return service.replace('-', '_');
  }

  private HttpRequest.Builder request(int port, String deployment, String path) {
    return HttpRequest.newBuilder(
            URI.create(
                "http://127.0.0.1:%d/v1/agent-deployments/%s%s".formatted(port, deployment, path)))
        .header("Authorization", "Bearer " + token);
  }

  private static JsonNode send(HttpRequest.Builder request, int expected) {
    return Serialization.unmarshal(Http.send(request, expected), JsonNode.class);
  }

  private static ObjectMeta metadata(String namespace) {
    return new ObjectMetaBuilder().withNamespace(namespace).withName(NAME).build();
  }
}
