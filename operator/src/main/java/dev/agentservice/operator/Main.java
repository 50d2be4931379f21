package dev.agentservice.operator;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's process. Its settings come from the environment, its cluster from the kubeconfig.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) {
    try {
      var settings = Settings.from(System.getenv());
      var client = new KubernetesClientBuilder().build();
      var operator = new AgentServiceOperator(settings, client);
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
}
