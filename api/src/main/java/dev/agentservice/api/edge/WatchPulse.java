package dev.agentservice.api.edge;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Whether the API server still tells what happens to services. It sends each watch a bookmark about
 * once a minute, also where nothing has happened; an informer keeps those to itself, so this is a
 * watch beside it that gets nothing else.
 */
final class WatchPulse implements Watcher<AgentService>, AutoCloseable {

  /** Two bookmarks. */
  static final Duration SILENCE = Duration.ofMinutes(2);

  /** Nothing has it. */
  private static final String NO_SERVICE = Names.GROUP + "/none";

  private final KubernetesClient client;
  private final String namespace;
  private final InstantSource clock;
  private volatile Instant heard = Instant.MIN;
  private volatile Watch watch;

  /**
   * Listens to nothing before {@link #keep}.
   *
   * @param namespace empty: all of them
   */
  WatchPulse(KubernetesClient client, String namespace, InstantSource clock) {
    this.client = client;
    this.namespace = namespace;
    this.clock = clock;
  }

  /** Begins to listen where it does not. */
  void keep() {
    if (watch != null) {
      return;
    }
    var bookmarks =
        new ListOptionsBuilder()
            .withAllowWatchBookmarks(true)
            .withLabelSelector(NO_SERVICE)
            .build();
    var services = client.resources(AgentService.class);
    try {
      watch =
          namespace.isEmpty()
              ? services.inAnyNamespace().watch(bookmarks, this)
              : services.inNamespace(namespace).watch(bookmarks, this);
      heard = clock.instant(); // it was answered
    } catch (KubernetesClientException _) {
      // away: tried again, and silent meanwhile
    }
  }

  boolean isAlive() {
    return heard.isAfter(clock.instant().minus(SILENCE));
  }

  @Override
  public void eventReceived(Action action, AgentService bookmark) {
    heard = clock.instant();
  }

  @Override
  public void onClose(WatcherException cause) {
    watch = null;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
