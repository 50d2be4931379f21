package dev.agentservice.operator.apiserver;

import dev.agentservice.operator.Connection;
import dev.agentservice.operator.Settings;
import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.sandbox.SandboxSettings;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real kube-apiserver with its etcd and our CRDs, for the whole test run, and a {@link FakeNode}
 * in place of kubelet and controllers. A test class takes it as a parameter.
 */
final class ControlPlane implements AutoCloseable {

  /** An operator alone, serving all namespaces. */
  static final Settings OPERATOR_SETTINGS =
      new Settings(
          Set.of(),
          "test",
          Optional.empty(),
          0,
          Duration.ofSeconds(5),
          Optional.of(ClusterNetwork.UNKNOWN),
          new SandboxSettings(Optional.empty(), false),
          Optional.empty(),
          Optional.empty());

  private static final Path CRDS = Path.of("..", "crds");

  private final KubeAPIServer server;
  private final KubernetesClient client;
  private final FakeNode node;

  private ControlPlane() {
    server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(System.getenv("KUBE_API_TEST_DIR"))
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
    server.start();
    client = newClient();
    applyCrds();
    node = new FakeNode(newClient());
  }

  /** A client of its own, so that closing it disturbs nobody. */
  KubernetesClient newClient() {
    return newClient(new KubernetesSerialization());
  }

  /** One that reads as little as the operator's does. */
  KubernetesClient newOperatorClient(Interceptor... interceptors) {
    return newClient(Connection.serialization(), interceptors);
  }

  private KubernetesClient newClient(
      KubernetesSerialization serialization, Interceptor... interceptors) {
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(serialization)
        .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
        .withHttpClientBuilderConsumer(
            http -> {
              for (var interceptor : interceptors) {
                http.addOrReplaceInterceptor(interceptor.getClass().getName(), interceptor);
              }
            })
        .build();
  }

  /** The kubeconfig as a file in {@code folder}, for another process. */
  Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(folder.resolve("kubeconfig"), server.getKubeConfigYaml());
  }

  /** Lets a process find and enter the API server by files, as from a pod, not by a kubeconfig. */
  Map<String, String> environmentAsInPod() {
    var config = client.getConfiguration();
    var address = client.getMasterUrl();
    return Map.of(
        "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
        "KUBERNETES_SERVICE_HOST", address.getHost(),
        "KUBERNETES_SERVICE_PORT", Integer.toString(address.getPort()),
        "KUBERNETES_CERTS_CA_FILE", config.getCaCertFile(),
        "KUBERNETES_CERTS_CLIENT_FILE", config.getClientCertFile(),
        "KUBERNETES_CERTS_CLIENT_KEY_FILE", config.getClientKeyFile());
  }

  KubernetesClient client() {
    return client;
  }

  FakeNode node() {
    return node;
  }

  /** A namespace that no other test knows. */
  String newNamespace() {
    var name = "t-" + UUID.randomUUID().toString().substring(0, 8);
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  private void applyCrds() {
    try (var files = Files.newDirectoryStream(CRDS, "*.yml")) {
      for (var file : files) {
        try (var yaml = Files.newInputStream(file)) {
          client.load(yaml).create();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    client
        .resources(CustomResourceDefinition.class)
        .resources()
        .forEach(
            crd ->
                crd.waitUntilCondition(
                    found ->
                        found.getStatus() != null
                            && found.getStatus().getConditions() != null
                            && found.getStatus().getConditions().stream()
                                .anyMatch(
                                    condition ->
                                        condition.getType().equals("Established")
                                            && condition.getStatus().equals("True")),
                    30,
                    TimeUnit.SECONDS));
  }

  @Override
  public void close() {
    node.close();
    client.close();
    server.stop();
  }

  /** Starts the control plane with the first test that asks for it; it ends with the run. */
  static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ControlPlane.class;
    }

    @Override
    public ControlPlane resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .computeIfAbsent(ControlPlane.class, _ -> new ControlPlane(), ControlPlane.class);
    }
  }
}
