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

  /**
   * After that a connection counts as broken, without a word. Not earlier than informers give up
   * theirs, which they do every five to ten minutes, and in two more where it does not end: else
   * this one would be heard while those are deaf.
   */
  static final Duration GIVEN_UP = Duration.ofMinutes(12);

  /** Nothing has it. */
  private static final String NO_SERVICE = Names.GROUP + "/none";

  private final KubernetesClient client;
  private final String namespace;
  private final InstantSource clock;
  private volatile Instant heard = Instant.MIN;
  private volatile boolean isOpen;
  private Watch watch;

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

  /** Begins to listen where it does not, or only seems to. */
  synchronized void keep() {
    if (isOpen && heard.isAfter(clock.instant().minus(GIVEN_UP))) {
      return;
    }
    close();
    var bookmarks =
        new ListOptionsBuilder()
            .withAllowWatchBookmarks(true)
            .withLabelSelector(NO_SERVICE)
            .build();
    var services = client.resources(AgentService.class);
    isOpen = true; // before it is: it may end before this method does
    try {
      watch =
          namespace.isEmpty()
              ? services.inAnyNamespace().watch(bookmarks, this)
              : services.inNamespace(namespace).watch(bookmarks, this);
      heard = clock.instant(); // it was answered
    } catch (KubernetesClientException _) {
      isOpen = false; // away: tried again, and silent meanwhile
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
    isOpen = false;
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
