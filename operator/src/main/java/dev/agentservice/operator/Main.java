package dev.agentservice.operator;

import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.metrics.RequestMetrics;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's process. Its settings come from the environment, its cluster from the kubeconfig.
 * With the words {@code check-installation NAMESPACE} it checks one that runs elsewhere.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) {
    try {
      if (args.length == 2 && args[0].equals("check-installation")) {
        checkInstallation(args[1]);
        return;
      }
      var settings = Settings.from(System.getenv());
      var metrics = new OperatorMetrics();
      var client =
          new KubernetesClientBuilder()
              .withHttpClientBuilderConsumer(
                  http ->
                      http.addOrReplaceInterceptor(
                          RequestMetrics.class.getName(), new RequestMetrics(metrics)))
              .build();
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

  private static void checkInstallation(String namespace) {
    try (var client = new KubernetesClientBuilder().build()) {
      LOG.info("the operator works: it cut version {}", InstallationCheck.run(client, namespace));
    }
  }
}
