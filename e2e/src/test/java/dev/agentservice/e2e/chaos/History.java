package dev.agentservice.e2e.chaos;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every change of one kind of object, in the order in which the store took them. A broken
 * connection is resumed where it was; where the API server no longer knows that place, changes may
 * have been missed, and that is counted.
 */
abstract sealed class History<T extends HasMetadata, L extends KubernetesResourceList<T>>
    implements AutoCloseable permits PodHistory, ServiceHistory {

  private final FilterWatchListDeletable<T, L, ? extends Resource<T>> objects;
  private final AtomicInteger gaps = new AtomicInteger();
  private volatile boolean closed;
  private volatile Watch watch;

  History(FilterWatchListDeletable<T, L, ? extends Resource<T>> objects) {
    this.objects = objects;
  }

  /** What is there now, at the beginning or after a gap. Called before any change is told. */
  abstract void startWith(List<T> all);

  abstract void changed(T object);

  abstract void deleted(T object);

  final void begin() {
    var list = objects.list();
    startWith(list.getItems());
    watch =
        objects.watch(
            new ListOptionsBuilder()
                .withResourceVersion(list.getMetadata().getResourceVersion())
                .withAllowWatchBookmarks(true)
                .build(),
            new Listener());
  }

  /** How often changes may have been missed. */
  public final int gaps() {
    return gaps.get();
  }

  @Override
  public final void close() {
    closed = true;
    watch.close();
  }

  private void beginAgain() {
    gaps.incrementAndGet();
    while (!closed) {
      try {
        begin();
        return;
      } catch (KubernetesClientException e) {
        Pause.millis(200);
      }
    }
  }

  private final class Listener implements Watcher<T> {

    @Override
    public void eventReceived(Action action, T object) {
      switch (action) {
        case ADDED, MODIFIED -> changed(object);
        case DELETED -> deleted(object);
        case BOOKMARK, ERROR -> {}
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      if (!closed) {
        Thread.ofVirtual().start(History.this::beginAgain);
      }
    }
  }
}
