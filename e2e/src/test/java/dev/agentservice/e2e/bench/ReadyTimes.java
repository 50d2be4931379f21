package dev.agentservice.e2e.bench;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** When objects became what is waited for, as a watch of them tells. */
final class ReadyTimes implements AutoCloseable {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";
  private static final long PATIENCE_SECONDS = 180;

  private final Map<String, CompletableFuture<Long>> times = new ConcurrentHashMap<>();
  private final Watch watch;
  private volatile boolean closed;

  private <T extends HasMetadata, L extends KubernetesResourceList<T>> ReadyTimes(
      FilterWatchListDeletable<T, L, ? extends Resource<T>> objects,
      Function<T, String> name,
      Predicate<T> isReady) {
    var now = objects.list(new ListOptionsBuilder().withLimit(1L).build()).getMetadata();
    watch =
        objects.watch(
            new ListOptionsBuilder().withResourceVersion(now.getResourceVersion()).build(),
            new Watcher<T>() {
              @Override
              public void eventReceived(Action action, T object) {
                if (action != Action.DELETED && isReady.test(object)) {
                  time(name.apply(object)).complete(System.nanoTime());
                }
              }

              @Override
              public void onClose(WatcherException cause) {
                if (!closed) {
                  times.values().forEach(time -> time.completeExceptionally(cause));
                }
              }
            });
  }

  static ReadyTimes ofPods(KubernetesClient client, String namespace) {
    return new ReadyTimes(
        client.pods().inNamespace(namespace),
        pod -> pod.getMetadata().getName(),
        ReadyTimes::isReady);
  }

  /** By the Service's name. */
  static ReadyTimes ofEndpoints(KubernetesClient client, String namespace) {
    return new ReadyTimes(
        client.discovery().v1().endpointSlices().inNamespace(namespace),
        slice -> slice.getMetadata().getLabels().get(SERVICE_NAME),
        ReadyTimes::isReady);
  }

  static ReadyTimes ofServices(KubernetesClient client, String namespace) {
    return new ReadyTimes(
        client.resources(AgentService.class).inNamespace(namespace),
        service -> service.getMetadata().getName(),
        service -> service.getStatus() != null && service.getStatus().phase() == Phase.READY);
  }

  /** The first that an operator writes of a service. */
  static ReadyTimes ofFirstWords(KubernetesClient client, String namespace) {
    return new ReadyTimes(
        client.resources(AgentService.class).inNamespace(namespace),
        service -> service.getMetadata().getName(),
        service -> service.getStatus() != null && service.getStatus().attempt() != null);
  }

  /** Waits until {@code name} is ready; gives the time by {@link System#nanoTime}. */
  long await(String name) {
    return time(name).orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    closed = true;
    watch.close();
  }

  private CompletableFuture<Long> time(String name) {
    return times.computeIfAbsent(name, _ -> new CompletableFuture<>());
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }

  private static boolean isReady(EndpointSlice slice) {
    return slice.getEndpoints() != null
        && slice.getEndpoints().stream()
            .anyMatch(each -> Boolean.TRUE.equals(each.getConditions().getReady()));
  }
}
