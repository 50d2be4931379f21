package dev.agentservice.api;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A real kube-apiserver with its etcd, our CRDs and the chart's roles, for the whole test run. No
 * operator: a test says itself what one would have written. A test class takes it as a parameter.
 */
final class Kubernetes implements AutoCloseable {

  private static final Path CRDS = Path.of("..", "crds");

  private final KubeAPIServer server;
  private final KubernetesClient client;

  private Kubernetes() {
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
  }

  /** The administrator's. */
  KubernetesClient client() {
    return client;
  }

  /** The way to it, for a client that goes by {@link #newClient(Tunnel)}. */
  Tunnel tunnel() {
    return Tunnel.to(config().getMasterUrl());
  }

  KubernetesClient newClient(Tunnel way) {
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(config()).withMasterUrl(way.url()).build())
        .build();
  }

  /** A client of its own, so that closing it disturbs nobody. */
  KubernetesClient newClient(Interceptor... interceptors) {
    return new KubernetesClientBuilder()
        .withConfig(config())
        .withHttpClientBuilderConsumer(
            http -> {
              for (var interceptor : interceptors) {
                http.addOrReplaceInterceptor(interceptor.getClass().getName(), interceptor);
              }
            })
        .build();
  }

  private Config config() {
    return Main.impatient(Config.fromKubeconfig(server.getKubeConfigYaml()));
  }

  /** The kubeconfig as a file in {@code folder}, for another process. */
  Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(folder.resolve("kubeconfig"), server.getKubeConfigYaml());
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
        .forEach(crd -> crd.waitUntilCondition(Kubernetes::isEstablished, 30, TimeUnit.SECONDS));
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }

  @Override
  public void close() {
    client.close();
    server.stop();
  }

  /** Starts it once, at the first test that asks. */
  static final class Running implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Kubernetes.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .computeIfAbsent(Kubernetes.class, _ -> new Kubernetes(), Kubernetes.class);
    }
  }
}
