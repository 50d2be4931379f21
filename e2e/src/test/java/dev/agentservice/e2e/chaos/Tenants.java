package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.EnvSpec;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/** The namespaces of a storm, each with what its services run on simulated nodes. */
final class Tenants {

  static final String PLAIN = "plain";
  static final String WITH_ENV = "with-env";

  /**
   * As long as no storm is: its operators are away half of the time, and who waits for a service
   * does so until it is over. A deadline is a fault of its own.
   */
  private static final int START_TIMEOUT_SECONDS = 3600;

  private Tenants() {}

  static void create(KubernetesClient client, String namespace) {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    client.resource(deployment(namespace, PLAIN, null)).create();
    client
        .resource(
            deployment(namespace, WITH_ENV, new EnvSpec(List.of("API_TOKEN"), List.of(), null)))
        .create();
  }

  private static AgentDeployment deployment(String namespace, String name, EnvSpec env) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    deployment.setSpec(
        AgentDeploymentSpecBuilder.builder()
            .template(
                TemplateBuilder.builder()
                    .image(SimulatedNodes.IMAGE)
                    .port(8080)
                    .envSpec(env)
                    .startTimeoutSeconds(START_TIMEOUT_SECONDS)
                    .podOverrides(SimulatedNodes.placement())
                    .build())
            .build());
    return deployment;
  }
}
