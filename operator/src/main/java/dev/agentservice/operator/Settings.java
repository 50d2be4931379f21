package dev.agentservice.operator;

import dev.agentservice.operator.edge.PublicUrlSettings;
import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.network.OutboundRanges;
import dev.agentservice.operator.sandbox.SandboxSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How this operator runs. Read once, from environment variables; a value that makes no sense ends
 * the start with a sentence that names the variable.
 *
 * @param watchNamespaces the namespaces to serve; empty: all of them
 * @param identity which replica this is, in events and in the lease: the pod's name
 * @param leaderElection empty: this is the only operator there is
 * @param healthPort where {@code /healthz}, {@code /readyz} and {@code /metrics} answer
 * @param gracefulShutdown how long running passes may go on after SIGTERM
 * @param network what sandboxes may reach depends on it; empty: NetworkPolicies are somebody else's
 * @param sandboxes what every one of them has
 * @param publicUrls how services get public URLs; empty: they get none
 * @param faultPoint the write before which to end the process, for tests of crashes; usually empty
 */
public record Settings(
    Set<String> watchNamespaces,
    String identity,
    Optional<Lease> leaderElection,
    int healthPort,
    Duration gracefulShutdown,
    Optional<ClusterNetwork> network,
    SandboxSettings sandboxes,
    Optional<PublicUrls> publicUrls,
    Optional<String> faultPoint) {

  /**
   * Public URLs, and the namespace where the operator has a route of its own to try the gateway.
   */
  public record PublicUrls(PublicUrlSettings settings, String namespace) {}

  /** The Lease that the operator's replicas share. */
  public record Lease(String namespace, String name) {}

  private static final String LEASE_NAME = "agentservice-operator";

  /** Reads the variables of {@code environment}, of which README.md has the list. */
  public static Settings from(Map<String, String> environment) {
    return new Settings(
        names("WATCH_NAMESPACES", environment),
        environment.getOrDefault("POD_NAME", "local-" + UUID.randomUUID()),
        lease(environment),
        port(environment.getOrDefault("HEALTH_PORT", "8081")),
        Duration.ofSeconds(20),
        network(environment),
        sandboxes(environment),
        PublicUrlSettings.parse(environment.getOrDefault("PUBLIC_URL", ""))
            .map(urls -> new PublicUrls(urls, namespace(environment))),
        Optional.ofNullable(environment.get("FAULT_POINT")));
  }

  private static Set<String> names(String variable, Map<String, String> environment) {
    var commaSeparated = environment.getOrDefault(variable, "");
    var names =
        Arrays.stream(commaSeparated.split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (names.isEmpty() && !commaSeparated.isBlank()) {
      throw new IllegalArgumentException(
          variable + " must be a comma-separated list, not " + commaSeparated);
    }
    return names;
  }

  private static Optional<ClusterNetwork> network(Map<String, String> environment) {
    return isTrue("NETWORK_POLICIES", true, environment)
        ? Optional.of(
            new ClusterNetwork(
                ranges("CLUSTER_CIDRS", environment),
                ranges("DNS_CIDRS", environment),
                names("INGRESS_NAMESPACES", environment)))
        : Optional.empty();
  }

  private static SandboxSettings sandboxes(Map<String, String> environment) {
    return new SandboxSettings(
        Optional.ofNullable(environment.get("LAUNCHER_IMAGE")).filter(image -> !image.isBlank()),
        isTrue("USER_NAMESPACES", false, environment));
  }

  private static List<String> ranges(String variable, Map<String, String> environment) {
    var ranges = names(variable, environment).stream().sorted().toList();
    for (var range : ranges) {
      if (!OutboundRanges.isRange(range)) {
        throw new IllegalArgumentException(
            variable + " must be CIDRs such as 10.96.0.0/12, not " + range);
      }
    }
    return ranges;
  }

  private static boolean isTrue(
      String variable, boolean otherwise, Map<String, String> environment) {
    return switch (environment.getOrDefault(variable, String.valueOf(otherwise))) {
      case "true" -> true;
      case "false" -> false;
      case String other ->
          throw new IllegalArgumentException(variable + " must be true or false, not " + other);
    };
  }

  private static Optional<Lease> lease(Map<String, String> environment) {
    return isTrue("LEADER_ELECTION", true, environment)
        ? Optional.of(new Lease(namespace(environment), LEASE_NAME))
        : Optional.empty();
  }

  private static String namespace(Map<String, String> environment) {
    return environment.getOrDefault("POD_NAMESPACE", "agentservice-system");
  }

  private static int port(String text) {
    try {
      var port = Integer.parseInt(text);
      if (port < 0 || port > 65535) {
        throw new NumberFormatException();
      }
      return port;
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("HEALTH_PORT must be a port, 0 to 65535, not " + text);
    }
  }
}
