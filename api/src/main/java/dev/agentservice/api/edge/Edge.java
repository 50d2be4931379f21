package dev.agentservice.api.edge;

import dev.agentservice.api.Settings;
import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.edge.Claims.Use;
import dev.agentservice.api.keys.InstallationKeys;
import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this replica knows for signing and for checking, kept fresh without asking anybody. */
public final class Edge implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final Duration LISTEN_EVERY = Duration.ofSeconds(1);

  private final Settings.PublicUrls settings;
  private final Catalog catalog;
  private final PublicAddress address;
  private final SigningKeys keys;
  private final Clock clock;
  private final List<WatchPulse> pulses;
  private final ScheduledExecutorService listening =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("edge-pulse").daemon().factory());

  /**
   * Begins to listen.
   *
   * @param namespaces those to serve; empty: all
   */
  public Edge(
      Settings.PublicUrls settings,
      Catalog catalog,
      InstallationKeys keys,
      KubernetesClient client,
      Set<String> namespaces,
      Clock clock) {
    pulses =
        (namespaces.isEmpty() ? Set.of("") : namespaces)
            .stream().map(namespace -> new WatchPulse(client, namespace, clock)).toList();
    this.settings = settings;
    this.catalog = catalog;
    this.address = new PublicAddress(settings.domain());
    this.keys = new SigningKeys(keys);
    this.clock = clock;
    var _ =
        listening.scheduleWithFixedDelay(
            this::listen, 0, LISTEN_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The service's URL with a fresh token; empty where it has none now. */
  public Optional<String> signedUrl(AgentService service) {
    return address
        .urlOf(service)
        .flatMap(
            url ->
                keys.sign(claims(service, Use.LINK, settings.linkLives()))
                    .map(token -> url + "?" + EdgeRequest.QUERY_PARAMETER + "=" + token));
  }

  Decision authorize(EdgeRequest request) {
    return Decision.authorize(request, known(request));
  }

  Decision exchange(EdgeRequest request) {
    return Decision.exchange(request, known(request));
  }

  /** What a browser keeps instead of the link. */
  Optional<String> session(AgentService service) {
    return keys.sign(claims(service, Use.SESSION, settings.sessionLives()));
  }

  Duration sessionLives() {
    return settings.sessionLives();
  }

  URI urlOf(AgentService service) {
    return address.urlOf(service).orElseThrow();
  }

  @Override
  public void close() {
    listening.shutdownNow();
    pulses.forEach(WatchPulse::close);
  }

  private Decision.Known known(EdgeRequest request) {
    var now = clock.instant();
    return new Decision.Known(
        address,
        catalog.hasSynced() && pulses.stream().allMatch(WatchPulse::isAlive) && keys.areThere(),
        catalog.servicesAt(request.host()),
        keys::key,
        now);
  }

  private Claims claims(AgentService service, Use use, Duration lives) {
    return Claims.of(service, use, clock.instant().plus(lives));
  }

  private void listen() {
    try {
      pulses.forEach(WatchPulse::keep);
      keys.refresh();
    } catch (RuntimeException e) { // whatever it is, listening must go on
      LOG.error("listening failed: {}", e.getClass().getSimpleName());
    }
  }
}
