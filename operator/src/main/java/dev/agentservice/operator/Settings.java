package dev.agentservice.operator;

import java.time.Duration;
import java.util.Arrays;
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
 * @param healthPort where {@code /healthz} and {@code /readyz} answer
 * @param gracefulShutdown how long running passes may go on after SIGTERM
 * @param faultPoint the write before which to end the process, for tests of crashes; usually empty
 */
public record Settings(
    Set<String> watchNamespaces,
    String identity,
    Optional<Lease> leaderElection,
    int healthPort,
    Duration gracefulShutdown,
    Optional<String> faultPoint) {

  /** The Lease that the operator's replicas share. */
  public record Lease(String namespace, String name) {}

  private static final String LEASE_NAME = "agentservice-operator";

  /** Reads the variables of {@code environment}, of which README.md has the list. */
  public static Settings from(Map<String, String> environment) {
    return new Settings(
        namespaces(environment.getOrDefault("WATCH_NAMESPACES", "")),
        environment.getOrDefault("POD_NAME", "local-" + UUID.randomUUID()),
        lease(environment),
        port(environment.getOrDefault("HEALTH_PORT", "8081")),
        Duration.ofSeconds(20),
        Optional.ofNullable(environment.get("FAULT_POINT")));
  }

  private static Set<String> namespaces(String commaSeparated) {
    var names =
        Arrays.stream(commaSeparated.split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (names.isEmpty() && !commaSeparated.isBlank()) {
      throw new IllegalArgumentException(
          "WATCH_NAMESPACES must be a comma-separated list of namespaces, not " + commaSeparated);
    }
    return names;
  }

  private static Optional<Lease> lease(Map<String, String> environment) {
    return switch (environment.getOrDefault("LEADER_ELECTION", "true")) {
      case "false" -> Optional.empty();
      case "true" ->
          Optional.of(
              new Lease(
                  environment.getOrDefault("POD_NAMESPACE", "agentservice-system"), LEASE_NAME));
      case String other ->
          throw new IllegalArgumentException("LEADER_ELECTION must be true or false, not " + other);
    };
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
