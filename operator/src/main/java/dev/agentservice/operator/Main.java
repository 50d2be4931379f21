package dev.agentservice.operator;

import dev.agentservice.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.URI;
import java.util.Arrays;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's process. Its settings come from the environment, its cluster from the kubeconfig.
 * With the words {@code check-installation NAMESPACE [API]} it checks one that runs elsewhere.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) {
    try {
      if (args.length > 1 && args[0].equals("check-installation")) {
        checkInstallation(args[1], Arrays.stream(args).skip(2).map(URI::create));
        return;
      }
      var settings = Settings.from(System.getenv());
      var metrics = new OperatorMetrics();
      var client = Connection.open(metrics);
      var operator = new AgentServiceOperator(settings, client, metrics);
      Runtime.getRuntime().addShutdownHook(new Thread(operator::close, "shutdown"));
      operator.start();
    } catch (IllegalArgumentException e) {
      LOG.error("cannot start: {}", e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      LOG.error("cannot start: {}", e.getMessage(), e);
      System.exit(1);
    }
  }

  private static void checkInstallation(String namespace, Stream<URI> api) {
    try (var client = new KubernetesClientBuilder().build()) {
      LOG.info(
          "the operator works: it cut version {}", InstallationCheck.cutVersion(client, namespace));
    }
    api.forEach(
        address -> {
          InstallationCheck.askApi(address);
          LOG.info("the HTTP API works: it wants a token");
        });
  }
}
