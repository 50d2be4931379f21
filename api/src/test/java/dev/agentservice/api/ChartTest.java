package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with the rights that the chart gives it, while the chart's admission policies watch. */
@OnApiServer
class ChartTest {

  private static final String NAMESPACE = "default";
  private static final String ENVS =
      """
      {"envs": {"API_TOKEN": "secret-value"}}""";

  private static Tenant tenant;
  private static Replica replica;

  @BeforeAll
  static void install(Kubernetes kubernetes, @TempDir Path folder) throws Exception {
    var admin = kubernetes.client();
    admin.load(Files.newInputStream(rendered(folder))).create();
    replica = Replica.of(account(kubernetes, folder), Map.of(), step -> {});
    tenant = Tenant.in(kubernetes).withDeployment();
  }

  @AfterAll
  static void end() {
    replica.close();
  }

  @Test
  void createsRestartsAndStops() {
    var created = tenant.create(replica, "key", ENVS);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(tenant.secrets()).hasSize(1);

    var service = tenant.services().getFirst();
    tenant.status(
        service,
        _ ->
            AgentServiceStatusBuilder.builder()
                .phase(Phase.READY)
                .attempt(1)
                .restartId("initial")
                .envSecretName(service.getSpec().envSecret().name())
                .build());
    var path = "/d/services/" + service.id();
    var restarted = tenant.post(replica, path + "/restart", "again", ENVS);
    assertThat(restarted.statusCode()).as(restarted.body()).isEqualTo(200);
    assertThat(tenant.secrets()).hasSize(2);

    var stopped = tenant.post(replica, path + "/stop", null, "{}");
    assertThat(stopped.statusCode()).as(stopped.body()).isEqualTo(200);
  }

  @Test
  void readsWhatItShows() {
    for (var path : List.of("", "/d", "/d/versions", "/d/versions/d-v1", "/d/services")) {
      var answer = tenant.get(replica, path);
      assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
    }
  }

  private static KubernetesClient account(Kubernetes kubernetes, Path folder) throws IOException {
    var token =
        kubernetes
            .client()
            .serviceAccounts()
            .inNamespace(NAMESPACE)
            .withName("agentservice-api")
            .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
            .getStatus()
            .getToken();
    var config =
        new ConfigBuilder(Config.fromKubeconfig(kubernetes.kubeconfig(folder).toFile()))
            .withClientCertData(null)
            .withClientCertFile(null)
            .withClientKeyData(null)
            .withClientKeyFile(null)
            .withOauthToken(token)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static Path rendered(Path folder) throws Exception {
    var file = folder.resolve("chart.yaml");
    var rendering =
        new ProcessBuilder(
                "../tools/helm.sh",
                "template",
                "agentservice",
                "../helm/agentservice",
                "--namespace=" + NAMESPACE,
                "--set=api.enabled=true",
                "--show-only=templates/api-rbac.yaml",
                "--show-only=templates/admissionpolicies.yaml")
            .redirectOutput(file.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(rendering.waitFor()).as("tools/helm.sh renders the chart").isZero();
    return file;
  }
}
