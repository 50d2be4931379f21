package dev.agentservice.e2e.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The way from an operator or the HTTP API to the API server, on which requests get late, answers
 * get lost and watches break off.
 */
public final class ApiProxy implements AutoCloseable {

  private static final Set<String> CONNECTION_HEADERS =
      Set.of(
          "connection", "content-length", "host", "upgrade", "transfer-encoding", "http2-settings");

  private final String upstream;
  private final HttpClient http;
  private final HttpServer server;
  private final Set<HttpExchange> watches = ConcurrentHashMap.newKeySet();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private volatile Predicate<String> late = _ -> false;
  private volatile LostWrite lost;

  /** One before the API server that {@code kubeconfig} names. */
  public ApiProxy(Path kubeconfig) {
    var config = Config.fromKubeconfig(kubeconfig.toFile());
    upstream = config.getMasterUrl().replaceAll("/$", "");
    http = HttpClient.newBuilder().sslContext(trusting(config)).build();
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::pass);
    server.start();
  }

  /** A copy of {@code kubeconfig} that goes this way. */
  public Path kubeconfig(Path kubeconfig, Path copy) {
    try {
      return Files.writeString(
          copy,
          Files.readString(kubeconfig)
              .replace(upstream, "http://127.0.0.1:" + server.getAddress().getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Creates of pods whose name begins with one of these and a dash are held, the first of each,
   * until {@link #releaseLateCreates}; whoever sent one sees it time out.
   */
  public void holdFirstPodOf(String... services) {
    var prefixes = Set.of(services);
    late =
        body ->
            prefixes.stream()
                .filter(service -> body.contains("\"name\":\"" + service + "-"))
                .anyMatch(held::add);
  }

  /** A write that is never answered. */
  public static final class LostWrite {

    private final String method;
    private final String plural;
    private final boolean arrives;
    private final CountDownLatch reached = new CountDownLatch(1);

    private LostWrite(String method, String plural, boolean arrives) {
      this.method = method;
      this.plural = plural;
      this.arrives = arrives;
    }

    /** Whether it was sent, and did what it does if it is one that arrives. */
    public boolean isUnderWay() {
      return reached.getCount() == 0;
    }

    private boolean is(HttpExchange exchange) {
      return exchange.getRequestMethod().equals(method)
          && List.of(exchange.getRequestURI().getPath().split("/")).contains(plural);
    }
  }

  /**
   * From now on such writes are never answered: whoever sends one waits.
   *
   * @param arrives whether the API server gets them
   */
  public LostWrite loseWrites(String method, String plural, boolean arrives) {
    lost = new LostWrite(method, plural, arrives);
    return lost;
  }

  public int held() {
    return held.size();
  }

  /** What was held reaches the API server now. */
  public void releaseLateCreates() {
    release.countDown();
  }

  /** Every watch breaks off. */
  public int cutWatches() {
    var open = Set.copyOf(watches);
    open.forEach(HttpExchange::close);
    return open.size();
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    http.shutdownNow();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestHeaders().containsKey("Upgrade")) {
        // a client that watches by WebSocket takes this for "use a plain GET"
        exchange.sendResponseHeaders(HttpURLConnection.HTTP_UNAVAILABLE, -1);
        return;
      }
      var body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("POST")
          && exchange.getRequestURI().getPath().endsWith("/pods")
          && late.test(new String(body, StandardCharsets.UTF_8))) {
        release.await();
      }
      var losing = lost;
      if (losing != null && losing.is(exchange)) {
        lose(losing, exchange, body);
        return;
      }
      var response = http.send(request(exchange, body), HttpResponse.BodyHandlers.ofInputStream());
      answer(exchange, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watches.remove(exchange);
    }
  }

  private void lose(LostWrite write, HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    if (write.arrives) {
      http.send(request(exchange, body), HttpResponse.BodyHandlers.discarding());
    }
    write.reached.countDown();
    over.await();
  }

  private HttpRequest request(HttpExchange exchange, byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create(upstream + exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!CONNECTION_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  private void answer(HttpExchange exchange, HttpResponse<InputStream> response)
      throws IOException {
    var query = exchange.getRequestURI().getQuery();
    if (query != null && query.contains("watch=true")) {
      watches.add(exchange);
    }
    response
        .headers()
        .firstValue("Content-Type")
        .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
    try (var content = response.body()) {
      exchange.sendResponseHeaders(response.statusCode(), 0);
      var out = exchange.getResponseBody();
      var buffer = new byte[8192];
      for (var length = content.read(buffer); length >= 0; length = content.read(buffer)) {
        out.write(buffer, 0, length);
        out.flush();
      }
    }
  }

  private static SSLContext trusting(Config config) {
    try {
      var authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      authorities.setCertificateEntry(
          "cluster",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(Base64.getDecoder().decode(config.getCaCertData()))));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(authorities);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
