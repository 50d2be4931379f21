package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentservice.api.service.Steps;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API over HTTPS, with the keys that certificates come with. */
@OnApiServer
class TlsTest {

  private static final String PASSWORD = "changeit";

  private final Kubernetes kubernetes;
  @TempDir private Path folder;

  TlsTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void answers(String algorithm) throws Exception {
    var store = store(algorithm);
    var certificate = store.getCertificate("server");
    var environment =
        Map.of(
            "TLS_CERTIFICATE", pem("CERTIFICATE", certificate.getEncoded()),
            "TLS_KEY",
                pem("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    try (var replica = Replica.of(kubernetes.newClient(), environment, Steps.UNHEARD);
        var client = HttpClient.newBuilder().sslContext(trusting(store)).build()) {
      var request =
          HttpRequest.newBuilder(
              URI.create("https://localhost:" + replica.port() + "/v1/agent-deployments"));

      var answer = client.send(request.build(), BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"code\":\"unauthenticated\"");
    }
  }

  @Test
  void aKeyInAnotherFormIsToldAtTheStart() throws Exception {
    var store = store("EC");
    var environment =
        Map.of(
            "TLS_CERTIFICATE",
            pem("CERTIFICATE", store.getCertificate("server").getEncoded()),
            "TLS_KEY",
            pem("EC PRIVATE KEY", new byte[] {48, 3, 2, 1, 1}));
    try (var client = kubernetes.newClient()) {
      assertThatThrownBy(() -> Replica.of(client, environment, Steps.UNHEARD))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("TLS_KEY")
          .hasMessageContaining("PKCS#8");
    }
  }

  private KeyStore store(String algorithm) throws Exception {
    var file = folder.resolve(algorithm + ".p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    var said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private static SSLContext trusting(KeyStore store) throws Exception {
    var trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("server", store.getCertificate("server"));
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(trust);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trusted.getTrustManagers(), null);
    return context;
  }

  private String pem(String what, byte[] content) throws IOException {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
            folder.resolve(what + ".pem"),
            "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what))
        .toString();
  }
}
