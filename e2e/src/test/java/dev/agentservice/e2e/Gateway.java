package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * nginx or Caddy on this machine, as {@code examples/gateways} configures it, in front of the
 * cluster's Services.
 */
final class Gateway implements AutoCloseable {

  static final String DOMAIN = "agents.example.com";
  static final int PORT = 8443;

  /** Which program, with which files. */
  enum Kind {
    NGINX("nginx.conf", "-g|daemon off;|-p|.|-c|nginx.conf"),
    CADDY("Caddyfile", "run|--config|Caddyfile|--adapter|caddyfile");

    private final String file;
    private final String arguments;

    Kind(String file, String arguments) {
      this.file = file;
      this.arguments = arguments;
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path folder;
  private final Process process;

  private Gateway(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  static Gateway start(Kind kind) {
    return start(kind, text -> text);
  }

  /**
   * Starts it.
   *
   * @param change what somebody made of the example's main file
   */
  static Gateway start(Kind kind, UnaryOperator<String> change) {
    try {
      var folder = Files.createTempDirectory("gateway");
      Cluster.bash("cp gateways/%s/* %s".formatted(kind.word(), folder));
      Cluster.bash(
          """
          cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -subj /CN=%2$s -addext 'subjectAltName=DNS:*.%2$s' -keyout tls.key -out tls.crt 2>/dev/null
          """
              .formatted(folder, DOMAIN));
      var file = folder.resolve(kind.file);
      Files.writeString(file, change.apply(here(Files.readString(file))));
      var command = new ArrayList<String>();
      command.add(System.getenv("GATEWAYS") + "/" + kind.word());
      command.addAll(List.of(kind.arguments.split("\\|", -1)));
      var builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().putAll(Map.of("HOME", folder.toString()));
      var process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("output.log").toFile())
              .start();
      var gateway = new Gateway(folder, process);
      Tenant.patiently()
          .untilAsserted(() -> assertThat(gateway.listens()).as(() -> gateway.said()).isTrue());
      return gateway;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Only what the file itself says is to be changed, and where nginx may write. */
  private static String here(String text) {
    return text.replace(
            "agentservice-edge.agentservice-system.svc.cluster.local:80",
            service("agentservice-system", "agentservice-edge") + ":80")
        .replace("10.96.0.10", service("kube-system", "kube-dns"))
        .replace("listen 443", "listen " + PORT)
        .replace(":443", ":" + PORT)
        .replace(
            "\nhttp {\n",
            """

            http {
              client_body_temp_path tmp-body;
              proxy_temp_path tmp-proxy;
              fastcgi_temp_path tmp-fastcgi;
              uwsgi_temp_path tmp-uwsgi;
              scgi_temp_path tmp-scgi;
            """);
  }

  static String service(String namespace, String name) {
    return Cluster.client()
        .services()
        .inNamespace(namespace)
        .withName(name)
        .get()
        .getSpec()
        .getClusterIP();
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** All that it wrote: access log, errors, output. */
  String said() {
    try (var files = Files.newDirectoryStream(folder, "*.log")) {
      var all = new StringBuilder();
      for (var file : files) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return all.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    Cluster.bash("rm -r " + folder);
  }
}
