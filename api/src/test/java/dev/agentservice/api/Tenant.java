package dev.agentservice.api;

import static org.awaitility.Awaitility.await;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpec;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentDeploymentStatusBuilder;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A namespace with the deployment {@code d}, a ServiceAccount that may all and one that may read.
 */
final class Tenant {

  static final String AUDIENCE = "agentservice.dev";

  private final KubernetesClient client;
  private final String namespace = "t-" + UUID.randomUUID().toString().substring(0, 8);
  private final String user;
  private final String viewer;

  private Tenant(KubernetesClient client) {
    this.client = client;
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    user =
        account(
            "user",
            List.of(
                rule(
                    List.of("create", "get", "list", "update"),
                    "agentservices",
                    "agentservices/log",
                    "agentservices/url"),
                rule(List.of("get", "list"), "agentdeployments", "agentversions")));
    viewer =
        account(
            "viewer",
            List.of(
                rule(
                    List.of("get", "list"), "agentservices", "agentdeployments", "agentversions")));
  }

  static Tenant in(Kubernetes kubernetes) {
    return new Tenant(kubernetes.client());
  }

  String namespace() {
    return namespace;
  }

  String user() {
    return user;
  }

  String viewer() {
    return viewer;
  }

  // ---- accounts

  /** A ServiceAccount with a role of its own; gives its token. */
  String account(String name, List<PolicyRule> rules) {
    var metadata = new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
    client.resource(new ServiceAccountBuilder().withMetadata(metadata).build()).create();
    client.resource(new RoleBuilder().withMetadata(metadata).withRules(rules).build()).create();
    client
        .resource(
            new RoleBindingBuilder()
                .withMetadata(metadata)
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                .addNewSubject("", "ServiceAccount", name, namespace)
                .build())
        .create();
    if (!rules.isEmpty()) {
      await().atMost(Duration.ofSeconds(30)).until(() -> may(name, rules.getFirst()));
    }
    return token(name, AUDIENCE);
  }

  /** As the API server knows it, which learns of roles by a watch of its own. */
  private boolean may(String account, PolicyRule rule) {
    var asked =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("system:serviceaccount:" + namespace + ":" + account)
            .withNewResourceAttributes()
            .withNamespace(namespace)
            .withVerb(rule.getVerbs().getFirst())
            .withGroup(rule.getApiGroups().getFirst())
            .withResource(rule.getResources().getFirst())
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(client.resource(asked).create().getStatus().getAllowed());
  }

  static PolicyRule rule(List<String> verbs, String... resources) {
    return new PolicyRuleBuilder()
        .withApiGroups("agentservice.dev")
        .withResources(resources)
        .withVerbs(verbs)
        .build();
  }

  String token(String account, String audience) {
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(account)
        .tokenRequest(
            new TokenRequestBuilder().withNewSpec().withAudiences(audience).endSpec().build())
        .getStatus()
        .getToken();
  }

  // ---- what the operator would have written

  /** The deployment {@code d} with one version. */
  Tenant withDeployment() {
    return withDeployment("d", spec -> spec, template -> template);
  }

  Tenant withDeployment(
      String name, UnaryOperator<AgentDeploymentSpec> change, UnaryOperator<Template> recipe) {
    var template = recipe.apply(TemplateBuilder.builder().image("agent:1").port(8080).build());
    var deployment = new AgentDeployment();
    deployment.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    deployment.setSpec(
        change.apply(AgentDeploymentSpecBuilder.builder().template(template).build()));
    var created = client.resource(deployment).create();
    var version = new AgentVersion();
    version.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName(name + "-v1").build());
    version.setSpec(new AgentVersionSpec(name, 1L, template));
    client.resource(version).create();
    created.setStatus(
        AgentDeploymentStatusBuilder.builder()
            .observedGeneration(created.getMetadata().getGeneration())
            .activeVersion(name + "-v1")
            .latestVersion(name + "-v1")
            .build());
    client.resource(created).updateStatus();
    return this;
  }

  void suspend(String deployment) {
    client
        .resources(AgentDeployment.class)
        .inNamespace(namespace)
        .withName(deployment)
        .edit(
            current -> {
              current.setSpec(current.getSpec().withSuspended(true));
              return current;
            });
  }

  AgentService apply(String name, AgentServiceSpec spec) {
    var service = new AgentService();
    service.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    service.setSpec(spec);
    return client.resource(service).create();
  }

  void status(AgentService service, UnaryOperator<AgentServiceStatus> change) {
    client
        .resource(service)
        .editStatus(
            current -> {
              var status =
                  current.getStatus() == null
                      ? AgentServiceStatusBuilder.builder().build()
                      : current.getStatus();
              current.setStatus(change.apply(status));
              return current;
            });
  }

  /** A sandbox whose agent is in that state, after that. */
  void pod(String name, ContainerState previous, ContainerState current) {
    var pod =
        client
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName(name)
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("agent")
                    .withImage("agent:1")
                    .endContainer()
                    .endSpec()
                    .build())
            .create();
    pod.setStatus(
        new PodStatusBuilder()
            .addNewContainerStatus()
            .withName("agent")
            .withImage("agent:1")
            .withImageID("")
            .withLastState(previous)
            .withState(current)
            .endContainerStatus()
            .build());
    client.resource(pod).updateStatus();
  }

  /** As a tenant does that throws a recipe away; no operator takes the services along. */
  void deleteDeployment() {
    client.resources(AgentDeployment.class).inNamespace(namespace).withName("d").delete();
    client.resources(AgentVersion.class).inNamespace(namespace).withName("d-v1").delete();
  }

  // ---- what there is

  List<AgentService> services() {
    return client.resources(AgentService.class).inNamespace(namespace).list().getItems();
  }

  List<Secret> secrets() {
    return client.secrets().inNamespace(namespace).list().getItems();
  }

  /** One that somebody else keeps for the env of a service. */
  Secret secret(String name) {
    return client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withType("agentservice.dev/transient-env")
                .build())
        .create();
  }

  void deleteSecrets() {
    client.secrets().inNamespace(namespace).delete();
  }

  AgentService edit(AgentService service, UnaryOperator<AgentService> change) {
    return client.resource(service).edit(change);
  }

  void delete(AgentService service) {
    client.resource(service).delete();
  }

  // ---- calls

  static HttpRequest.Builder request(Replica replica, String token, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + replica.port() + "/v1/agent-deployments" + path))
        .header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> get(Replica replica, String path) {
    return Http.send(request(replica, user, path).build());
  }

  HttpResponse<String> post(Replica replica, String path, String key, String body) {
    var request =
        request(replica, user, path)
            .header("Content-Type", "application/json")
            .POST(Http.body(body));
    return Http.send((key == null ? request : request.header("Idempotency-Key", key)).build());
  }

  HttpResponse<String> create(Replica replica, String key, String body) {
    return post(replica, "/d/services", key, body);
  }
}
