package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpec;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.ImagePullPolicy;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowingConsumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * What a user does in a namespace of their own, and what they see there. All services name the
 * deployment "d".
 */
record Tenant(KubernetesClient client, String namespace) implements AutoCloseable {

  static final String IMAGE = "localhost/agentservice/example-agent:1";
  static final int PORT = 8080;

  /** Far beyond any wait of a working operator on a busy machine; nothing is measured by it. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Pod Security {@code restricted} is enforced there: it has to let every sandbox in. */
  static Tenant create() {
    var tenant =
        new Tenant(Cluster.client(), "e2e-" + UUID.randomUUID().toString().substring(0, 8));
    tenant
        .client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(tenant.namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build())
        .create();
    return tenant;
  }

  /** Not waited for: the cluster takes its time, and no other test uses the namespace. */
  @Override
  public void close() {
    client.namespaces().withName(namespace).delete();
  }

  static ConditionFactory patiently() {
    return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
  }

  // ---- the deployment

  /** For agents that live long: that one does not answer for seconds is no change of its status. */
  static Template steady(Template template) {
    return template.withReadiness(new Readiness(new Readiness.HttpCheck("/healthz"), null, 1, 30));
  }

  void applyDeployment(UnaryOperator<Template> change) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(named("d"));
    deployment.setSpec(
        AgentDeploymentSpecBuilder.builder().template(change.apply(exampleAgent())).build());
    client.resource(deployment).create();
  }

  void editTemplate(UnaryOperator<Template> change) {
    editDeployment(spec -> spec.withTemplate(change.apply(spec.template())));
  }

  void editDeployment(UnaryOperator<AgentDeploymentSpec> change) {
    edit(
        deployment("d"),
        deployment -> {
          deployment.setSpec(change.apply(deployment.getSpec()));
          return deployment;
        });
  }

  void deleteDeployment() {
    deployment("d").delete();
  }

  List<AgentVersion> versions() {
    return client.resources(AgentVersion.class).inNamespace(namespace).list().getItems();
  }

  String activeVersion() {
    return activeVersion("d");
  }

  /** The active version, once the operator has seen the newest spec. */
  String activeVersion(String deploymentName) {
    return patiently()
        .until(
            () -> deployment(deploymentName).get(),
            deployment ->
                deployment.getStatus() != null
                    && deployment
                        .getMetadata()
                        .getGeneration()
                        .equals(deployment.getStatus().observedGeneration())
                    && deployment.getStatus().activeVersion() != null)
        .getStatus()
        .activeVersion();
  }

  // ---- services

  void applyService(String name, UnaryOperator<AgentServiceSpec> change) {
    var service = new AgentService();
    service.setMetadata(named(name));
    service.setSpec(change.apply(AgentServiceSpecBuilder.builder().deployment("d").build()));
    client.resource(service).create();
  }

  void editService(String name, UnaryOperator<AgentServiceSpec> change) {
    edit(
        services(name),
        service -> {
          service.setSpec(change.apply(service.getSpec()));
          return service;
        });
  }

  void deleteService(String name) {
    services(name).delete();
  }

  AgentService service(String name) {
    return services(name).get();
  }

  List<AgentService> services() {
    return client.resources(AgentService.class).inNamespace(namespace).list().getItems();
  }

  /** Waits for an outcome such as {@code failed Exited}. */
  AgentService await(String name, String outcome) {
    return await(name, service -> assertThat(outcome(service)).isEqualTo(outcome));
  }

  AgentService await(String name, Outcome outcome) {
    assertThat(outcome).as("in docs/troubleshooting.md").matches(Outcome::isDocumented);
    return await(name, outcome::isThatOf);
  }

  AgentService awaitReady(String name) {
    return await(name, Outcome.READY);
  }

  AgentService awaitReady(String name, int attempt) {
    return await(
        name,
        service -> {
          assertThat(service.getStatus().attempt()).isEqualTo(attempt);
          Outcome.READY.isThatOf(service);
        });
  }

  AgentService await(String name, ThrowingConsumer<AgentService> expectation) {
    patiently()
        .untilAsserted(
            () -> {
              var service = service(name);
              assertThat(service).as(name).isNotNull();
              assertThat(service)
                  .as(() -> Serialization.asYaml(service.getStatus()))
                  .satisfies(expectation);
            });
    return service(name);
  }

  /** Phase and reason, as a user reads them. */
  static String outcome(AgentService service) {
    var status = service.getStatus();
    return status.readinessStatus() == null
        ? status.phase().word()
        : status.phase().word() + " " + status.readinessStatus().reason();
  }

  /** As its users reach it, through the Service. */
  Agent agent(String service) {
    return new Agent(this, "services/" + service);
  }

  /** Also while its Service has no endpoint. */
  Agent agentInPod(String pod) {
    return new Agent(this, "pods/" + pod);
  }

  // ---- what is around them

  void applyTransientSecret(String name, Map<String, String> values) {
    client
        .resource(
            new SecretBuilder()
                .withMetadata(named(name))
                .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                .withStringData(values)
                .build())
        .create();
  }

  boolean hasSecret(String name) {
    return client.secrets().inNamespace(namespace).withName(name).get() != null;
  }

  /** A ServiceAccount of this namespace that holds one of the chart's roles for the HTTP API. */
  ApiCaller caller(String role) {
    var token =
        bash(
            """
            kubectl create serviceaccount %1$s >/dev/null
            kubectl create rolebinding %1$s --clusterrole=%1$s --serviceaccount=%2$s:%1$s >/dev/null
            kubectl create token %1$s --audience agentservice.dev
            """
                .formatted(role, namespace));
    return new ApiCaller(Cluster.api(), token.strip());
  }

  /** What kubectl describe tells of our own objects, as {@code Reason: sentence}. */
  List<String> events() {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getApiVersion().startsWith("agentservice.dev/"))
        .map(event -> event.getReason() + ": " + event.getMessage())
        .toList();
  }

  List<Pod> pods() {
    return client.pods().inNamespace(namespace).list().getItems();
  }

  /** Sandboxes of the pool that no service has taken. */
  List<Pod> waiting() {
    return pods().stream()
        .filter(pod -> pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL))
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  void awaitNoPods() {
    patiently().untilAsserted(() -> assertThat(pods()).isEmpty());
  }

  /** Runs a line of bash as a user would whose context names this namespace. */
  String bash(String line) {
    return Cluster.bash(
        "kubectl() { command kubectl --namespace %s \"$@\"; }; %s".formatted(namespace, line));
  }

  private Resource<AgentDeployment> deployment(String name) {
    return client.resources(AgentDeployment.class).inNamespace(namespace).withName(name);
  }

  private Resource<AgentService> services(String name) {
    return client.resources(AgentService.class).inNamespace(namespace).withName(name);
  }

  private ObjectMeta named(String name) {
    return new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
  }

  private static Template exampleAgent() {
    return TemplateBuilder.builder()
        .image(IMAGE)
        .imagePullPolicy(ImagePullPolicy.NEVER)
        .port(PORT)
        .readiness(new Readiness(new Readiness.HttpCheck("/healthz"), null, 1, 2))
        .stopGraceSeconds(5)
        .build();
  }

  /** As {@code kubectl edit}: made again where another writer was faster. */
  private static <T> void edit(Resource<T> object, UnaryOperator<T> change) {
    Awaitility.await()
        .ignoreExceptionsMatching(
            failure ->
                failure instanceof KubernetesClientException refused
                    && refused.getCode() == HttpURLConnection.HTTP_CONFLICT)
        .until(() -> object.edit(change) != null);
  }
}
