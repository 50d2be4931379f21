package dev.agentservice.operator;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What {@code helm test} runs: a recipe goes in, and the operator must say which version it is. So
 * the CRDs are there, the operator works, it serves this namespace, and it may write. The HTTP API,
 * where there is one, must answer, and refuse a caller without a token.
 */
final class InstallationCheck {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private InstallationCheck() {}

  /** Gives the version, or throws an {@link IllegalStateException} that says what to look at. */
  static String cutVersion(KubernetesClient client, String namespace) {
    var created = client.resource(recipe(namespace)).create();
    try {
      return client
          .resource(created)
          .waitUntilCondition(
              seen ->
                  seen != null
                      && seen.getStatus() != null
                      && seen.getStatus().activeVersion() != null,
              PATIENCE.toSeconds(),
              TimeUnit.SECONDS)
          .getStatus()
          .activeVersion();
    } catch (KubernetesClientTimeoutException e) {
      throw new IllegalStateException(
          "AgentDeployment %s in namespace %s has no version after %d s: see the operator's log"
              .formatted(created.getMetadata().getName(), namespace, PATIENCE.toSeconds()),
          e);
    } finally {
      client.resource(created).delete();
    }
  }

  /** Throws an {@link IllegalStateException} unless the API at that address wants a token. */
  static void askApi(URI api) {
    int status;
    try {
      var connection = (HttpURLConnection) api.toURL().openConnection();
      connection.setConnectTimeout((int) PATIENCE.toMillis());
      connection.setReadTimeout((int) PATIENCE.toMillis());
      status = connection.getResponseCode();
    } catch (IOException e) {
      throw new IllegalStateException("%s does not answer: %s".formatted(api, e.getMessage()), e);
    }
    if (status != HttpURLConnection.HTTP_UNAUTHORIZED) {
      throw new IllegalStateException(
          "%s answers a caller without a token with %d, not 401".formatted(api, status));
    }
  }

  private static AgentDeployment recipe(String namespace) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withGenerateName("installation-check-")
            .build());
    deployment.setSpec(
        AgentDeploymentSpecBuilder.builder()
            .description("Made by helm test; no service ever runs it.")
            .template(TemplateBuilder.builder().image("none").port(8080).build())
            .build());
    return deployment;
  }
}
