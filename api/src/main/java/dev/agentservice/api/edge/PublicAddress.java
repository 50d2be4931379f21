package dev.agentservice.api.edge;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.PublicHost;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where services are reached from outside.
 *
 * @param domain the installation's, in lower case
 */
record PublicAddress(String domain) {

  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

  /** The host that is the service's own, whether or not it has a URL. */
  String hostOf(AgentService service) {
    return PublicHost.of(service.getMetadata().getUid(), domain);
  }

  /** A host as it was sent, the way hosts are compared: lower case, no dot at its end, no port. */
  static String normalised(String host) {
    var name = PORT.matcher(host).replaceFirst("");
    return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
        .toLowerCase(Locale.ROOT);
  }

  /** The base URL of a service that lives, where the operator says so and it is its own. */
  Optional<URI> urlOf(AgentService service) {
    return Optional.ofNullable(service.getStatus())
        .filter(status -> status.phase() == Phase.READY && status.port() != null)
        .filter(_ -> service.getMetadata().getDeletionTimestamp() == null)
        .flatMap(status -> Optional.ofNullable(status.publicUrl()))
        .map(URI::create)
        .filter(url -> hostOf(service).equals(url.getHost()));
  }

  /** The one value that a page of the service itself sends as its origin. */
  static String origin(URI url) {
    return url.getScheme() + "://" + url.getAuthority();
  }
}
