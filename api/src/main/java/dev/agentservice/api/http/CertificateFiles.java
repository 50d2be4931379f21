package dev.agentservice.api.http;

import dev.agentservice.api.Settings;
import io.helidon.common.tls.Tls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate and key as the files have them now: whoever renews them does so in place. What cannot
 * be read or used then leaves the former ones in use.
 */
final class CertificateFiles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private final Settings.TlsFiles files;
  private final Thread watch = Thread.ofVirtual().name("certificate").unstarted(this::watch);
  private Pem used;
  private Consumer<Tls> renewed;

  private record Pem(Buffer certificate, Buffer key) {

    @Override
    public String toString() {
      return "Pem";
    }
  }

  CertificateFiles(Settings.TlsFiles files) {
    this.files = files;
  }

  /**
   * Reads them for the first time.
   *
   * @throws IllegalArgumentException where they are not there, or of no use
   */
  Tls first() {
    try {
      used = read();
      return tls(used);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "TLS_CERTIFICATE or TLS_KEY cannot be read: " + e.getMessage(), e);
    }
  }

  /** From now on tells of others. */
  void onRenewal(Consumer<Tls> renewed) {
    this.renewed = renewed;
    watch.start();
  }

  @Override
  public void close() {
    watch.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_AGAIN);
        look();
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private void look() {
    try {
      var now = read();
      // read twice: the files of a Secret change at once, but not between two reads of one of them
      if (!now.equals(used) && now.equals(read())) {
        used = now;
        renewed.accept(tls(now));
        LOG.info("the certificate was renewed");
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("the certificate stays as it was: {}", e.getMessage());
    }
  }

  private Pem read() throws IOException {
    return new Pem(
        Buffer.buffer(Files.readAllBytes(files.certificate())),
        Buffer.buffer(Files.readAllBytes(files.key())));
  }

  /** By Vert.x, which reads keys also in the forms of their algorithms' own. */
  private static Tls tls(Pem pem) {
    try {
      var options = new PemKeyCertOptions().setCertValue(pem.certificate()).setKeyValue(pem.key());
      // it would be asked for files alone
      var factory = options.getKeyManagerFactory(null);
      var keys = (X509KeyManager) factory.getKeyManagers()[0];
      var alias =
          ALGORITHMS.stream()
              .flatMap(algorithm -> Stream.ofNullable(keys.getServerAliases(algorithm, null)))
              .findFirst()
              .orElseThrow()[0];
      return Tls.builder()
          .privateKey(keys.getPrivateKey(alias))
          .privateKeyCertChain(List.of(keys.getCertificateChain(alias)))
          .build();
    } catch (Exception e) { // as the library declares it
      throw new IllegalArgumentException(
          "TLS_CERTIFICATE and TLS_KEY are no certificate and its key in PEM", e);
    }
  }
}
