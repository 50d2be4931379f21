package dev.agentservice.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.agentservice.api.service.Steps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The API over HTTPS, with the keys that certificates come with. */
@OnApiServer
class TlsTest {

  private static final String PASSWORD = "changeit";

  private final Kubernetes kubernetes;
  @TempDir private Path folder;

  TlsTest(Kubernetes kubernetes) {
    this.kubernetes = kubernetes;
  }

  /** PKCS#8 is what most programs write; cert-manager does the others unless told otherwise. */
  @ParameterizedTest
  @CsvSource({
    "EC, PRIVATE KEY",
    "EC, EC PRIVATE KEY",
    "RSA, PRIVATE KEY",
    "RSA, RSA PRIVATE KEY",
  })
  void answers(String algorithm, String form) throws Exception {
    var store = store(algorithm, "one");
    write(store, form);
    try (var replica = replica()) {
      assertThat(shown(replica.port(), store)).isEqualTo(store.getCertificate("server"));
    }
  }

  @Test
  void aCertificateThatIsRenewedIsShownWithoutARestart() throws Exception {
    write(store("EC", "one"), "PRIVATE KEY");
    var renewed = store("RSA", "two");
    try (var replica = replica()) {
      Files.writeString(folder.resolve("tls.key"), "half of one");
      write(renewed, "RSA PRIVATE KEY");

      for (var port : new int[] {replica.port(), replica.edgePort()}) {
        await()
            .atMost(60, TimeUnit.SECONDS)
            .ignoreException(SSLHandshakeException.class)
            .until(() -> shown(port, renewed), renewed.getCertificate("server")::equals);
      }
    }
  }

  @Test
  void aCertificateThatCannotBeUsedLeavesTheFormer() throws Exception {
    var store = store("EC", "one");
    write(store, "PRIVATE KEY");
    var log = (Logger) LoggerFactory.getLogger("dev.agentservice.api.http.CertificateFiles");
    var said = new ListAppender<ILoggingEvent>();
    said.start();
    log.addAppender(said);
    try (var replica = replica()) {
      Files.writeString(folder.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\nsecret-bytes\n");

      await().atMost(60, TimeUnit.SECONDS).until(() -> !said.list.isEmpty());
      assertThat(said.list.getFirst().getFormattedMessage())
          .contains("stays as it was")
          .doesNotContain("secret-bytes");
      assertThat(shown(replica.port(), store)).isEqualTo(store.getCertificate("server"));
    } finally {
      log.detachAppender(said);
    }
  }

  @Test
  void aKeyThatIsNoneIsToldAtTheStart() throws Exception {
    write(store("EC", "one"), "PRIVATE KEY");
    Files.writeString(
        folder.resolve("tls.key"),
        "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n");
    assertThatThrownBy(this::replica)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLS_KEY");
  }

  private Replica replica() {
    return Replica.of(
        kubernetes.newClient(),
        Map.of(
            "TLS_CERTIFICATE",
            folder.resolve("tls.crt").toString(),
            "TLS_KEY",
            folder.resolve("tls.key").toString(),
            "PUBLIC_URL_DOMAIN",
            "agents.example.com",
            "EDGE_PORT",
            "0"),
        Steps.UNHEARD);
  }

  /** What a client that trusts the store gets to see. */
  private static Certificate shown(int port, KeyStore trusted) throws Exception {
    try (var socket =
        (SSLSocket) trusting(trusted).getSocketFactory().createSocket("localhost", port)) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  private void write(KeyStore store, String form) throws Exception {
    Files.writeString(
        folder.resolve("tls.crt"), pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
    var key = store.getKey("server", PASSWORD.toCharArray());
    Files.writeString(folder.resolve("tls.key"), pem(form, encoded(key, form)));
  }

  private static byte[] encoded(Key key, String form) {
    return switch (form) {
      case "EC PRIVATE KEY" -> sec1((ECPrivateKey) key);
      // after the head of PKCS#8, which says that it is RSA
      case "RSA PRIVATE KEY" -> Arrays.copyOfRange(key.getEncoded(), 26, key.getEncoded().length);
      default -> key.getEncoded();
    };
  }

  /** As RFC 5915 has a key of P-256, with its curve. */
  private static byte[] sec1(ECPrivateKey key) {
    var hex = HexFormat.of();
    return hex.parseHex("30310201010420%064xa00a06082a8648ce3d030107".formatted(key.getS()));
  }

  private KeyStore store(String algorithm, String name) throws Exception {
    var file = folder.resolve(name + ".p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                algorithm,
                algorithm.equals("EC") ? "-groupname" : "-keysize",
                algorithm.equals("EC") ? "secp256r1" : "2048",
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

  private static String pem(String what, byte[] content) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
  }
}
