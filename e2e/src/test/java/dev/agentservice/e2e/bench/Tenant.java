package dev.agentservice.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.e2e.chaos.SimulatedNodes;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** A namespace with one deployment, and whatever is started in it. */
final class Tenant implements AutoCloseable {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final String DEPLOYMENT = "agent";
  private static final String LABEL = "bench";
  private static final int PORT = 8080;
  private static final long CLEARING_MILLIS = 300_000;

  private final KubernetesClient client;
  private final String namespace;
  private final String token;

  private Tenant(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels(LABEL, "")
                .endMetadata()
                .build())
        .create();
    token = caller();
    var deployment = new AgentDeployment();
    deployment.setMetadata(named(DEPLOYMENT));
    deployment.setSpec(
        AgentDeploymentSpecBuilder.builder()
            .template(
                TemplateBuilder.builder()
                    .image(SimulatedNodes.IMAGE)
                    .port(PORT)
                    .podOverrides(SimulatedNodes.placement())
                    .build())
            .build());
    client.resource(deployment).create();
  }

  /** After what a run that was broken off has left is gone: it takes the nodes' places. */
  static Tenant create(KubernetesClient client) {
    var former = client.namespaces().withLabel(LABEL);
    former.delete();
    if (!Pause.until(() -> former.list().getItems().isEmpty(), CLEARING_MILLIS)) {
      throw new IllegalStateException("a former run's namespace does not go");
    }
    return new Tenant(client, "bench-" + Long.toString(System.currentTimeMillis(), 36));
  }

  String namespace() {
    return namespace;
  }

  ReadyTimes watch(Case what) {
    return switch (what) {
      case POD -> ReadyTimes.ofPods(client, namespace);
      case POD_AND_SERVICE -> ReadyTimes.ofEndpoints(client, namespace);
      case SERVICE, SERVICE_WITH_ENV, HTTP_API -> ReadyTimes.ofServices(client, namespace);
    };
  }

  ReadyTimes watchFirstWords() {
    return ReadyTimes.ofFirstWords(client, namespace);
  }

  /** Gives the name by which it is watched. */
  String start(Case what, String name, int apiPort) {
    switch (what) {
      case POD -> pod(name);
      case POD_AND_SERVICE -> {
        pod(name);
        front(name);
      }
      case SERVICE -> service(name, null);
      case SERVICE_WITH_ENV -> {
        secret(name);
        service(name, new EnvSecret(name));
      }
      case HTTP_API -> {
        return post(apiPort, name);
      }
    }
    return name;
  }

  /** Creates a service by the HTTP API; gives its AgentService's name. */
  String post(int port, String idempotencyKey) {
    var answer =
        send(
            request(port, "/services")
                .header("Idempotency-Key", idempotencyKey)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"envs\": {\"API_TOKEN\": \"value\"}}")),
            201);
    return answer.path("id").asText().replace('_', '-');
  }

  /** Reads one service by the HTTP API. */
  void get(int port, String name) {
    send(request(port, "/services/" + name.replace('-', '_')).GET(), 200);
  }

  /** Takes away all that was started, and waits until it is gone. */
  void clear() {
    deleteEach(client.resources(AgentService.class).inNamespace(namespace));
    clearFloor();
    if (!Pause.until(this::isEmpty, CLEARING_MILLIS)) {
      throw new IllegalStateException("what was deleted does not go");
    }
  }

  /** Takes away the bare pods and their Services, and leaves the rest. */
  void clearFloor() {
    deleteEach(client.services().inNamespace(namespace).withLabel(LABEL));
    deleteEach(client.pods().inNamespace(namespace).withLabel(LABEL));
  }

  /** Hundreds of them as one collection take longer than a client waits for an answer. */
  private static <R extends Resource<?>> void deleteEach(FilterWatchListDeletable<?, ?, R> all) {
    all.resources().parallel().forEach(Resource::delete);
  }

  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
  }

  private boolean isEmpty() {
    var one = new ListOptionsBuilder().withLimit(1L).build();
    return client.pods().inNamespace(namespace).list(one).getItems().isEmpty()
        && client.services().inNamespace(namespace).list(one).getItems().isEmpty()
        && client.secrets().inNamespace(namespace).list(one).getItems().isEmpty();
  }

  private void pod(String name) {
    client
        .resource(
            new PodBuilder()
                .withMetadata(labelled(name))
                .withNewSpec()
                .withNodeSelector(SimulatedNodes.placement().nodeSelector())
                .withTolerations(SimulatedNodes.placement().tolerations())
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("agent")
                .withImage(SimulatedNodes.IMAGE)
                .addNewPort()
                .withContainerPort(PORT)
                .endPort()
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  private void front(String name) {
    client
        .resource(
            new ServiceBuilder()
                .withMetadata(labelled(name))
                .withNewSpec()
                .addToSelector(LABEL, name)
                .addNewPort()
                .withPort(PORT)
                .endPort()
                .endSpec()
                .build())
        .create();
  }

  private void service(String name, EnvSecret env) {
    var service = new AgentService();
    service.setMetadata(named(name));
    service.setSpec(
        AgentServiceSpecBuilder.builder().deployment(DEPLOYMENT).envSecret(env).build());
    client.resource(service).create();
  }

  private void secret(String name) {
    client
        .resource(
            new SecretBuilder()
                .withMetadata(named(name))
                .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                .withStringData(Map.of("API_TOKEN", "value"))
                .build())
        .create();
  }

  /** A ServiceAccount that may use the HTTP API, by its token. */
  private String caller() {
    var name = "caller";
    client.resource(new ServiceAccountBuilder().withMetadata(named(name)).build()).create();
    client
        .resource(
            new RoleBindingBuilder()
                .withMetadata(named(name))
                .withNewRoleRef()
                .withKind("ClusterRole")
                .withName("agentservice-api-user")
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withNamespace(namespace)
                .withName(name)
                .endSubject()
                .build())
        .create();
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(name)
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences("agentservice.dev")
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  private HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(
            URI.create(
                "http://127.0.0.1:%d/v1/agent-deployments/%s%s".formatted(port, DEPLOYMENT, path)))
        .header("Authorization", "Bearer " + token);
  }

  private static JsonNode send(HttpRequest.Builder request, int expected) {
    try {
      var answer = HTTP.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() != expected) {
        throw new IllegalStateException(
            "HTTP %d: %s".formatted(answer.statusCode(), answer.body()));
      }
      return Serialization.unmarshal(answer.body(), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private ObjectMeta named(String name) {
    return new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
  }

  private ObjectMeta labelled(String name) {
    return new ObjectMetaBuilder(named(name)).addToLabels(LABEL, name).build();
  }
}
