package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.OneByOne;
import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.e2e.chaos.SimulatedNodes;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpec;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A namespace with one deployment, and whatever is started in it. */
final class Tenant implements AutoCloseable {

  /** Of all that is started without naming another. */
  static final String DEPLOYMENT = "agent";

  private static final String LABEL = "bench";
  private static final int PORT = 8080;
  private static final long CLEARING_MILLIS = 300_000;
  private static final long FORMER_RUN_MILLIS = 1_200_000;

  private final KubernetesClient client;
  private final String namespace;
  private final Caller caller;

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
    caller = Caller.in(client, namespace);
    deploy(DEPLOYMENT, simulated());
  }

  /** After what a run that was broken off has left is gone: it takes the nodes' places. */
  static Tenant create(KubernetesClient client) {
    deleteAll(client);
    if (!Pause.until(() -> !anyIsLeft(client), FORMER_RUN_MILLIS)) {
      throw new IllegalStateException("a former run's namespace does not go");
    }
    return new Tenant(client, newName());
  }

  /** With the operator at work, and ready for services. */
  Tenant another() {
    var other = new Tenant(client, newName());
    client
        .resources(AgentDeployment.class)
        .inNamespace(other.namespace)
        .withName(DEPLOYMENT)
        .waitUntilCondition(
            deployment ->
                deployment.getStatus() != null && deployment.getStatus().activeVersion() != null,
            CLEARING_MILLIS,
            TimeUnit.MILLISECONDS);
    return other;
  }

  /** A deployment whose agents are on the simulated nodes. */
  AgentDeploymentSpec simulated() {
    return AgentDeploymentSpecBuilder.builder()
        .template(
            TemplateBuilder.builder()
                .image(SimulatedNodes.IMAGE)
                .port(PORT)
                .podOverrides(SimulatedNodes.placement())
                .build())
        .build();
  }

  void deploy(String name, AgentDeploymentSpec spec) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(named(name));
    deployment.setSpec(spec);
    client.resource(deployment).create();
  }

  void undeploy(String name) {
    client.resources(AgentDeployment.class).inNamespace(namespace).withName(name).delete();
  }

  Sandboxes sandboxes() {
    return new Sandboxes(client, namespace);
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
      case SERVICE -> service(name, DEPLOYMENT, null);
      case SERVICE_WITH_ENV -> {
        secret(name);
        serviceWithEnv(name, DEPLOYMENT);
      }
      case HTTP_API -> {
        return post(apiPort, DEPLOYMENT, name);
      }
    }
    return name;
  }

  /** Waits until services of the deployment can be created by the HTTP API. */
  void awaitServed(int port, String deployment) {
    caller.awaitServed(port, deployment);
  }

  /** Creates a service by the HTTP API; gives its AgentService's name. */
  String post(int port, String deployment, String idempotencyKey) {
    return caller.create(port, deployment, idempotencyKey);
  }

  /** Reads one service by the HTTP API. */
  void get(int port, String name) {
    caller.get(port, DEPLOYMENT, name);
  }

  /** As the HTTP API gives it out; empty while there is none. */
  Optional<URI> publicUrl(int port, String deployment, String name) {
    return caller.publicUrl(port, deployment, name);
  }

  /** Takes away all that was started here, and waits until it is gone. */
  void clear() {
    deleteServices();
    OneByOne.delete(client.services().inNamespace(namespace).withLabel(LABEL));
    OneByOne.delete(client.pods().inNamespace(namespace).withLabel(LABEL));
    if (!Pause.until(this::isEmpty, CLEARING_MILLIS)) {
      throw new IllegalStateException("what was deleted does not go");
    }
  }

  /** Without waiting. */
  void deleteServices() {
    OneByOne.delete(client.resources(AgentService.class).inNamespace(namespace));
  }

  /** The others of the run go, too. */
  @Override
  public void close() {
    deleteAll(client);
  }

  /** Whether a namespace of this or a former run is there, deleted or not. */
  static boolean anyIsLeft(KubernetesClient client) {
    return !namespaces(client).isEmpty();
  }

  private static void deleteAll(KubernetesClient client) {
    namespaces(client).stream()
        .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
        .forEach(each -> client.resource(each).delete());
  }

  private static List<Namespace> namespaces(KubernetesClient client) {
    return client.namespaces().withLabel(LABEL).list().getItems();
  }

  private static String newName() {
    return "bench-" + Long.toString(System.currentTimeMillis(), 36);
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

  /** Whose transient env is in the Secret of its name. */
  void serviceWithEnv(String name, String deployment) {
    service(name, deployment, new EnvSecret(name));
  }

  private void service(String name, String deployment, EnvSecret env) {
    var service = new AgentService();
    service.setMetadata(named(name));
    service.setSpec(
        AgentServiceSpecBuilder.builder().deployment(deployment).envSecret(env).build());
    client.resource(service).create();
  }

  /** Transient env for the service of that name. */
  void secret(String name) {
    client
        .resource(
            new SecretBuilder()
                .withMetadata(named(name))
                .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                .withStringData(Map.of("API_TOKEN", "value"))
                .build())
        .create();
  }

  private ObjectMeta named(String name) {
    return new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
  }

  private ObjectMeta labelled(String name) {
    return new ObjectMetaBuilder(named(name)).addToLabels(LABEL, name).build();
  }
}
