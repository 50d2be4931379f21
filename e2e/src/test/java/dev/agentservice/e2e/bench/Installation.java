package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.e2e.chaos.Program;
import dev.agentservice.e2e.chaos.Repository;
import dev.agentservice.e2e.chaos.SimulatedNodes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operator and the replicas of the HTTP API that are measured. The installed ones rest
 * meanwhile, and so does kube-proxy: nothing answers at a simulated pod.
 */
final class Installation implements AutoCloseable {

  static final String NAMESPACE = "agentservice-system";

  private static final List<String> INSTALLED =
      List.of("agentservice-operator", "agentservice-api");
  private static final String LAUNCHER_IMAGE = "LAUNCHER_IMAGE";
  private static final int PODS_PER_NODE = 250;
  private static final int SPARE_NODES = 2;
  private static final long STARTING_MILLIS = 60_000;

  private static final long CLEARING_MILLIS = 60_000;

  /** More take the API server ten minutes to delete: nobody has to wait for that. */
  private static final int CLEARED_IN_TIME = 2_000;

  private final KubernetesClient client;
  private final Image image;
  private final Map<String, Integer> replicas;
  private final long clearingMillis;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<Image.Api> apis = new ArrayList<>();
  private Program operator;

  Installation(KubernetesClient client, Image image, int services) {
    this.client = client;
    this.image = image;
    clearingMillis = services > CLEARED_IN_TIME ? 0 : CLEARING_MILLIS;
    replicas =
        Map.of(
            INSTALLED.getFirst(), replicasOf(INSTALLED.getFirst()),
            INSTALLED.getLast(), replicasOf(INSTALLED.getLast()));
    environment.put(LAUNCHER_IMAGE, installedOperators(LAUNCHER_IMAGE));
    INSTALLED.forEach(name -> scale(name, 0));
    startProxy(); // a run that was broken off has left it stopped
    stopProxy();
    SimulatedNodes.provide(services / PODS_PER_NODE + SPARE_NODES);
  }

  /** Starts an operator without waiting for it. */
  Program startOperator() {
    operator = image.operator(environment);
    return operator;
  }

  Program operator() {
    return operator;
  }

  void awaitOperator() {
    if (!Pause.until(operator::isReady, STARTING_MILLIS)) {
      throw new IllegalStateException("the operator does not get ready: " + image.work());
    }
  }

  /** So many replicas of the API from now on. */
  void scaleApi(int wanted) {
    while (apis.size() > wanted) {
      apis.removeLast().program().terminate();
    }
    while (apis.size() < wanted) {
      apis.add(image.api(environment));
    }
    if (!Pause.until(() -> apis.stream().allMatch(each -> each.program().isReady()), 60_000)) {
      throw new IllegalStateException("the API does not get ready: " + image.work());
    }
  }

  SigningRight grantSigning() {
    return SigningRight.grant(client);
  }

  /**
   * Begins anew with one replica of the API and public URLs; gives where gateways ask.
   *
   * @param gateway where the operator looks whether callers without credentials are refused
   */
  int openPublicUrls(String domain, String gateway) {
    var edgePort = Program.freePort();
    environment.put("PUBLIC_URL_DOMAIN", domain);
    environment.put("EDGE_PORT", Integer.toString(edgePort));
    environment.put(
        "PUBLIC_URL",
        """
        {"mode": "proxy", "domain": "%s", "port": 443,
         "sentinel": {"address": "%s", "verifyTls": false}}
        """
            .formatted(domain, gateway));
    scaleApi(0);
    operator.terminate();
    startOperator();
    awaitOperator();
    scaleApi(1);
    return edgePort;
  }

  /** The Services of the real node's pods lead somewhere from now on. */
  void startProxy() {
    Repository.cluster("start", "kube-proxy");
  }

  void stopProxy() {
    Repository.cluster("stop", "kube-proxy");
  }

  /** One replica after the other, as a Service in front of them would choose. */
  int apiPort(int request) {
    return apis.isEmpty() ? 0 : apis.get(request % apis.size()).port();
  }

  long apiCpuMillis() {
    return apis.stream().mapToLong(each -> each.program().cpuMillis()).sum();
  }

  /** The tenants are being deleted already. */
  @Override
  public void close() {
    scaleApi(0);
    if (operator != null && operator.isAlive()) {
      operator.terminate();
    }
    startProxy();
    if (Pause.until(() -> !Tenant.anyIsLeft(client), clearingMillis)) {
      SimulatedNodes.provide(0);
    } else {
      System.err.println(
          "what was made goes on being deleted; the simulated nodes stay for that (make down ends all of it at once)");
    }
    replicas.forEach(this::scale);
  }

  private String installedOperators(String variable) {
    return client
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName(INSTALLED.getFirst())
        .get()
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(each -> each.getName().equals(variable))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private int replicasOf(String deployment) {
    return client
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName(deployment)
        .get()
        .getSpec()
        .getReplicas();
  }

  private void scale(String deployment, int wanted) {
    client.apps().deployments().inNamespace(NAMESPACE).withName(deployment).scale(wanted);
  }
}
