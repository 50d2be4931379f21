package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpec;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What a user does in one namespace, and what they see. All services name the deployment "d". */
record Tenant(KubernetesClient client, String namespace) {

  static Tenant in(ControlPlane plane) {
    return new Tenant(plane.client(), plane.newNamespace());
  }

  void applyTransientSecret(String name) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                .withStringData(Map.of("API_TOKEN", "canary"))
                .build())
        .create();
  }

  Secret secret(String name) {
    return client.secrets().inNamespace(namespace).withName(name).get();
  }

  List<AgentVersion> versions() {
    return client.resources(AgentVersion.class).inNamespace(namespace).list().getItems();
  }

  void applyDeployment(String image) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName("d").build());
    deployment.setSpec(
        AgentDeploymentSpecBuilder.builder()
            .template(TemplateBuilder.builder().image(image).port(8080).build())
            .build());
    client.resource(deployment).create();
  }

  void editImage(String image) {
    editDeployment(spec -> spec.withTemplate(spec.template().withImage(image)));
  }

  void editDeployment(UnaryOperator<AgentDeploymentSpec> change) {
    edit(
        client.resources(AgentDeployment.class).inNamespace(namespace).withName("d"),
        deployment -> {
          deployment.setSpec(change.apply(deployment.getSpec()));
          return deployment;
        });
  }

  void applyService(String name, UnaryOperator<AgentServiceSpec> change) {
    var service = new AgentService();
    service.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    service.setSpec(change.apply(AgentServiceSpecBuilder.builder().deployment("d").build()));
    client.resource(service).create();
  }

  void editService(String name, UnaryOperator<AgentServiceSpec> change) {
    edit(
        client.resources(AgentService.class).inNamespace(namespace).withName(name),
        service -> {
          service.setSpec(change.apply(service.getSpec()));
          return service;
        });
  }

  AgentService awaitPhase(String name, Phase phase) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(service(name).getStatus().phase()).as(reason(name)).isEqualTo(phase));
    return service(name);
  }

  void awaitActive(Predicate<String> expected) {
    await()
        .until(
            () -> {
              var deployment =
                  client
                      .resources(AgentDeployment.class)
                      .inNamespace(namespace)
                      .withName("d")
                      .get();
              return deployment.getStatus() != null
                  && deployment
                      .getMetadata()
                      .getGeneration()
                      .equals(deployment.getStatus().observedGeneration())
                  && expected.test(deployment.getStatus().activeVersion());
            });
  }

  AgentService service(String name) {
    return client.resources(AgentService.class).inNamespace(namespace).withName(name).get();
  }

  String reason(String name) {
    var details = service(name).getStatus().readinessStatus();
    return details == null ? null : details.reason();
  }

  List<String> podNames() {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .map(Pod::getMetadata)
        .map(metadata -> metadata.getName())
        .toList();
  }

  /** As {@code kubectl edit}: made again where another writer was faster. */
  private static <T> void edit(Resource<T> object, UnaryOperator<T> change) {
    await()
        .ignoreExceptionsMatching(
            failure ->
                failure instanceof KubernetesClientException refused
                    && refused.getCode() == HttpURLConnection.HTTP_CONFLICT)
        .until(() -> object.edit(change) != null);
  }
}
