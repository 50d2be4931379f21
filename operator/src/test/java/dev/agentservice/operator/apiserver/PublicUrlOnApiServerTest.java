package dev.agentservice.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.Settings;
import dev.agentservice.operator.edge.PublicUrlSettings;
import dev.agentservice.operator.edge.SampleUrls;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.PermissionsBuilder;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.PublicHost;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Public routes as the API server takes them, and when there is one. The gateway here does nothing
 * but answer whoever has no credentials.
 */
@OnApiServer
class PublicUrlOnApiServerTest {

  private static final String STORE_PASSWORD = "not a secret";

  private final AtomicInteger gatewayAnswers = new AtomicInteger(200);
  private final ControlPlane plane;
  private final Tenant tenant;
  @TempDir private Path folder;
  private HttpsServer gateway;

  PublicUrlOnApiServerTest(ControlPlane plane) {
    this.plane = plane;
    this.tenant = Tenant.in(plane);
  }

  @BeforeEach
  void startGateway() throws Exception {
    gateway = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.setHttpsConfigurator(new HttpsConfigurator(certificate()));
    gateway.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(gatewayAnswers.get(), -1);
          exchange.close();
        });
    gateway.start();
  }

  @AfterEach
  void stopGateway() {
    gateway.stop(0);
  }

  static Stream<Arguments> modes() {
    return Stream.of(
        Arguments.of(SampleUrls.GATEWAY, HTTPRoute.class),
        Arguments.of(SampleUrls.INGRESS, Ingress.class));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aRouteIsThereWhileTheAgentIsReadyAndTheGatewayRefusesStrangers(
      String json, Class<? extends HasMetadata> kind) throws IOException {
    applyGatewayApi();
    tenant.applyDeployment("example:1");
    permit();
    try (var client = plane.newOperatorClient();
        var operator = new AgentServiceOperator(settings(json), client, new OperatorMetrics())) {
      operator.start();
      tenant.applyService("s", spec -> spec);

      awaitCondition("PublicUrlUnprotected NotRefused");
      assertThat(tenant.service("s").getStatus().phase()).isEqualTo(Phase.READY);
      assertThat(tenant.service("s").getStatus().publicUrl()).isNull();
      assertThat(routes(kind)).as("the sentinel's alone").containsExactly("agentservice-sentinel");

      gatewayAnswers.set(401);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> tenant.service("s").getStatus().publicUrl() != null);
      var service = tenant.service("s");
      assertThat(service.getStatus().publicUrl())
          .startsWith(
              "https://" + PublicHost.of(service.getMetadata().getUid(), "agents.example.com"));
      assertThat(service.getStatus().conditions())
          .noneMatch(condition -> condition.getType().startsWith("PublicUrl"));
      assertThat(routes(kind)).containsExactlyInAnyOrder("agentservice-sentinel", "s");

      tenant.client().resources(kind).inNamespace(tenant.namespace()).withName("s").delete();
      await().until(() -> routes(kind).contains("s"));

      tenant.editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));
      tenant.awaitPhase("s", Phase.STOPPED);
      assertThat(tenant.service("s").getStatus().publicUrl()).isNull();
      assertThat(routes(kind)).containsExactly("agentservice-sentinel");
    }
  }

  private List<String> routes(Class<? extends HasMetadata> kind) {
    return tenant
        .client()
        .resources(kind)
        .inNamespace(tenant.namespace())
        .list()
        .getItems()
        .stream()
        .map(route -> route.getMetadata().getName())
        .toList();
  }

  private void awaitCondition(String expected) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(tenant.service("s").getStatus().conditions())
                    .extracting(condition -> condition.getType() + " " + condition.getReason())
                    .contains(expected));
  }

  private void permit() {
    tenant
        .client()
        .resources(AgentDeployment.class)
        .inNamespace(tenant.namespace())
        .withName("d")
        .edit(
            deployment -> {
              deployment.setSpec(
                  deployment
                      .getSpec()
                      .withPermissions(PermissionsBuilder.builder().publicUrl(true).build()));
              return deployment;
            });
  }

  private Settings settings(String json) {
    var base = ControlPlane.OPERATOR_SETTINGS;
    var here =
        json.replace("\"address\": \"\"", "\"address\": \"127.0.0.1:%d\"")
            .formatted(gateway.getAddress().getPort())
            .replace("\"verifyTls\": true", "\"verifyTls\": false");
    return new Settings(
        Set.of(tenant.namespace()),
        base.identity(),
        base.leaderElection(),
        base.healthPort(),
        base.gracefulShutdown(),
        base.network(),
        base.launcherImage(),
        PublicUrlSettings.parse(here)
            .map(urls -> new Settings.PublicUrls(urls, tenant.namespace())),
        Optional.empty());
  }

  /** From its own Go module, as {@code tools/gateway-api.sh} finds it. */
  private void applyGatewayApi() throws IOException {
    var crds = System.getenv("GATEWAY_API_CRDS");
    assumeTrue(crds != null, "NOT TESTED: HTTPRoutes. GATEWAY_API_CRDS names no folder of CRDs.");
    var file = Path.of(crds, "gateway.networking.k8s.io_httproutes.yaml");
    try (var yaml = Files.newInputStream(file)) {
      plane.client().load(yaml).serverSideApply();
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> plane.client().supports(HTTPRoute.class));
  }

  private SSLContext certificate() throws IOException, GeneralSecurityException {
    var file = folder.resolve("gateway.p12");
    var keytool =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/keytool",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=gateway",
                "-alias",
                "gateway",
                "-keystore",
                file.toString(),
                "-storepass",
                STORE_PASSWORD)
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.onExit().join().exitValue()).isZero();
    var store = KeyStore.getInstance(file.toFile(), STORE_PASSWORD.toCharArray());
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, STORE_PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
