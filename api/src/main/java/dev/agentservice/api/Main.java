package dev.agentservice.api;

import dev.agentservice.api.service.Steps;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The HTTP API's process. Its settings come from the environment, its cluster from the kubeconfig.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /** A caller waits: better a clear no within seconds than an answer that nobody hears. */
  private static final int KUBERNETES_TIMEOUT_MILLIS = 8_000;

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    // Helidon's words among ours, in one format
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    try {
      var settings = Settings.from(System.getenv());
      var steps = Steps.from(System.getenv());
      var server = new ApiServer(settings, client(), Clock.systemUTC(), steps);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
      LOG.info("answering on port {}", server.port());
      new CountDownLatch(1).await();
    } catch (IllegalArgumentException e) {
      LOG.error("cannot start: {}", e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      LOG.error("cannot start: {}", e.getMessage(), e);
      System.exit(1);
    }
  }

  private static KubernetesClient client() {
    return new KubernetesClientBuilder().withConfig(impatient(new ConfigBuilder().build())).build();
  }

  static Config impatient(Config config) {
    return new ConfigBuilder(config)
        .withConnectionTimeout(KUBERNETES_TIMEOUT_MILLIS / 2)
        .withRequestTimeout(KUBERNETES_TIMEOUT_MILLIS)
        .withRequestRetryBackoffLimit(1)
        .build();
  }
}
