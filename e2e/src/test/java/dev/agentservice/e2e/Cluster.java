package dev.agentservice.e2e;

import dev.agentservice.e2e.chaos.Repository;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The cluster that KUBECONFIG names, with the operator installed as {@code make up} does. */
final class Cluster {

  static final String OPERATOR_USER =
      "system:serviceaccount:agentservice-system:agentservice-operator";

  private static final KubernetesClient CLIENT = connect();

  private Cluster() {}

  static KubernetesClient client() {
    return CLIENT;
  }

  /** On our own cluster; a cluster of the user's keeps its audit log elsewhere. */
  static Optional<Path> auditLog() {
    return Optional.ofNullable(System.getenv("CLUSTER_AUDIT_LOG")).map(Path::of);
  }

  /** Where the HTTP API answers: as {@code make up} says, else through a forwarded port. */
  static URI api() {
    return URI.create(
        Optional.ofNullable(System.getenv("AGENTSERVICE_API"))
            .orElseGet(() -> "http://127.0.0.1:" + ForwardedApi.PORT.getLocalPort()));
  }

  /** Kept for as long as the tests run. */
  private static final class ForwardedApi {

    static final LocalPortForward PORT =
        CLIENT
            .pods()
            .inNamespace("agentservice-system")
            .withLabel("app.kubernetes.io/component", "api")
            .resources()
            .findAny()
            .orElseThrow()
            .portForward(8080);
  }

  /**
   * All that the replicas of a component have said.
   *
   * @param component {@code operator} or {@code api}
   */
  static String log(String component) {
    return bash(
        "kubectl logs -n agentservice-system -l app.kubernetes.io/component=%s --tail=-1 --prefix"
            .formatted(component));
  }

  /** What each replica of a component tells at {@code /metrics}. */
  static List<String> metrics(String component) {
    return CLIENT
        .pods()
        .inNamespace("agentservice-system")
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .map(replica -> replica.getMetadata().getName())
        .map("/api/v1/namespaces/agentservice-system/pods/%s:8081/proxy/metrics"::formatted)
        .map(CLIENT::raw)
        .toList();
  }

  /** Every object of every kind, as YAML. */
  static String everyObject() {
    return bash(
        "kubectl get $(kubectl api-resources --verbs=list -o name | paste -sd,)"
            + " --all-namespaces --ignore-not-found --show-managed-fields -o yaml");
  }

  /** Runs a line of bash in the folder of examples; gives what it printed. */
  static String bash(String line) {
    try {
      var process =
          new ProcessBuilder("bash", "-euo", "pipefail", "-c", line)
              .directory(Repository.ROOT.resolve("examples").toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(line + "\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static KubernetesClient connect() {
    var config = Config.autoConfigure(null);
    config.setRequestRetryBackoffLimit(0); // an agent's 5xx is an answer
    var client = new KubernetesClientBuilder().withConfig(config).build();
    if (client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName("agentservices.agentservice.dev")
            .get()
        == null) {
      throw new IllegalStateException(
          "no AgentService CRD at %s: make up, then source .cluster/env"
              .formatted(config.getMasterUrl()));
    }
    return client;
  }
}
