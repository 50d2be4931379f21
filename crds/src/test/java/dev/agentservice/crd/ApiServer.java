package dev.agentservice.crd;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real kube-apiserver with its etcd for the whole test run, with crds/ applied by kubectl. A
 * test class takes it as a parameter.
 */
final class ApiServer implements AutoCloseable {
  private static final String BINARIES = System.getenv("KUBE_API_TEST_DIR");
  private static final String OPENAPI = "/openapi/v3/apis/agentservice.dev/v1alpha1";
  private static final int KINDS = CrdYaml.KINDS.size();

  private final KubeAPIServer server;
  private final Thread atExit;
  private final Path home;
  private final Path kubectl;
  private final KubernetesClient client;

  private ApiServer() {
    requireNonNull(BINARIES, "KUBE_API_TEST_DIR is not set: `make test` sets it");
    // Said here, because the library casts its own KUBE_API_TEST_OFFLINE_MODE to Boolean and fails.
    server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(BINARIES)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .build());
    // Also where the start fails half-way or the run is broken off: no process outlives it.
    atExit = new Thread(server::stop);
    Runtime.getRuntime().addShutdownHook(atExit);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
            .build();
    try {
      home = Files.createTempDirectory("kubectl");
      Files.writeString(home.resolve("config"), server.getKubeConfigYaml());
      try (var found =
          Files.find(
              Path.of(BINARIES),
              3,
              (path, is) -> path.endsWith("kubectl"),
              FileVisitOption.FOLLOW_LINKS)) {
        kubectl = found.sorted().reduce((older, newer) -> newer).orElseThrow();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kubectl("apply", "-f", CommittedYamlTest.DIRECTORY.toString());
    kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
    // Established is said before every list of what there is has it.
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> client.raw(OPENAPI).contains("AgentService") && listed().size() == KINDS);
  }

  private List<APIResource> listed() {
    return client.getApiResources("agentservice.dev/v1alpha1").getResources().stream()
        .filter(resource -> !resource.getName().contains("/"))
        .toList();
  }

  KubernetesClient client() {
    return client;
  }

  /** Runs kubectl as a user would and gives back what it printed; it must succeed. */
  String kubectl(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                kubectl.toString(),
                "--kubeconfig=" + home.resolve("config"),
                "--cache-dir=" + home.resolve("cache")));
    command.addAll(List.of(arguments));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("%s%n%s", command, printed).isZero();
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    Runtime.getRuntime().removeShutdownHook(atExit);
    server.stop();
    try (var files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  /** Starts the server with the first test that asks for it; it ends with the run. */
  static final class Extension implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == ApiServer.class;
    }

    @Override
    public ApiServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .computeIfAbsent(Start.class, type -> new Start(), Start.class)
          .server();
    }
  }

  /** One try to start it: a server that does not come up is waited for once, not by each test. */
  private static final class Start implements AutoCloseable {
    private ApiServer server;
    private Throwable failure;

    Start() {
      try {
        server = new ApiServer();
      } catch (RuntimeException | AssertionError e) {
        failure = e;
      }
    }

    ApiServer server() {
      if (server == null) {
        throw new IllegalStateException(
            "No API server from the binaries in KUBE_API_TEST_DIR=" + BINARIES, failure);
      }
      return server;
    }

    @Override
    public void close() throws IOException {
      if (server != null) {
        server.close();
      }
    }
  }
}
