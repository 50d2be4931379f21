package dev.agentservice.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How this server runs. Read once, from environment variables; a value that makes no sense ends the
 * start with a sentence that names the variable.
 *
 * @param port where the API answers
 * @param healthPort where {@code /healthz}, {@code /readyz} and {@code /metrics} answer
 * @param audience what tokens must be made for
 * @param watchNamespaces the namespaces to serve; empty: all of them
 * @param namespace where the installation's own keys are kept
 * @param createsPerSecond how many services a tenant may create at this replica, each second
 * @param requestsAtOnce how many requests are worked on at a time
 * @param publicUrls what signed URLs are made of; empty: there are none
 * @param tls certificate chain and key as PEM files; empty: something in front ends TLS
 */
public record Settings(
    int port,
    int healthPort,
    String audience,
    Set<String> watchNamespaces,
    String namespace,
    int createsPerSecond,
    int requestsAtOnce,
    Optional<PublicUrls> publicUrls,
    Optional<TlsFiles> tls) {

  /**
   * What signed URLs are made of.
   *
   * @param port where gateways ask
   * @param domain below which services have their hosts
   * @param linkLives how long a URL that was given out is good
   * @param sessionLives how long a browser that opened it may stay
   */
  public record PublicUrls(int port, String domain, Duration linkLives, Duration sessionLives) {}

  /** Certificate chain and private key, PEM. */
  public record TlsFiles(Path certificate, Path key) {}

  private static final int MAX_PORT = 65535;
  private static final int DAY_SECONDS = 86_400;
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,200}[a-z0-9])?");

  /** Reads the variables of {@code environment}, of which docs/api.md has the list. */
  public static Settings from(Map<String, String> environment) {
    return new Settings(
        number("API_PORT", 8080, 0, MAX_PORT, environment),
        number("HEALTH_PORT", 8081, 0, MAX_PORT, environment),
        environment.getOrDefault("TOKEN_AUDIENCE", "agentservice.dev"),
        Arrays.stream(environment.getOrDefault("WATCH_NAMESPACES", "").split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet()),
        environment.getOrDefault("POD_NAMESPACE", "agentservice-system"),
        number("CREATES_PER_SECOND", 50, 1, 100_000, environment),
        number("REQUESTS_AT_ONCE", 256, 1, 100_000, environment),
        publicUrls(environment),
        tls(environment));
  }

  private static Optional<PublicUrls> publicUrls(Map<String, String> environment) {
    var domain = environment.getOrDefault("PUBLIC_URL_DOMAIN", "");
    if (domain.isEmpty()) {
      return Optional.empty();
    }
    if (!DOMAIN.matcher(domain).matches()) {
      throw new IllegalArgumentException(
          "PUBLIC_URL_DOMAIN must be a domain such as agents.example.com, not " + domain);
    }
    return Optional.of(
        new PublicUrls(
            number("EDGE_PORT", 8082, 0, MAX_PORT, environment),
            domain,
            Duration.ofSeconds(number("LINK_SECONDS", 900, 1, DAY_SECONDS, environment)),
            Duration.ofSeconds(number("SESSION_SECONDS", 3600, 1, DAY_SECONDS, environment))));
  }

  private static Optional<TlsFiles> tls(Map<String, String> environment) {
    var certificate = environment.getOrDefault("TLS_CERTIFICATE", "");
    var key = environment.getOrDefault("TLS_KEY", "");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException(
          "TLS_CERTIFICATE and TLS_KEY must be given together, or neither");
    }
    return key.isEmpty()
        ? Optional.empty()
        : Optional.of(new TlsFiles(Path.of(certificate), Path.of(key)));
  }

  private static int number(
      String variable, int otherwise, int least, int most, Map<String, String> environment) {
    var text = environment.getOrDefault(variable, Integer.toString(otherwise));
    try {
      var number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // as below
    }
    throw new IllegalArgumentException(
        "%s must be a whole number from %d to %d, not %s".formatted(variable, least, most, text));
  }
}
