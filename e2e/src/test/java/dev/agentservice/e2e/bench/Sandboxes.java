package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A namespace's sandboxes as a watch tells of them: which wait, and where each service's is. */
final class Sandboxes implements AutoCloseable {

  private static final long PATIENCE_MILLIS = 120_000;

  private final SharedIndexInformer<Pod> pods;
  private final Map<String, CompletableFuture<Pod>> addressed = new ConcurrentHashMap<>();

  Sandboxes(KubernetesClient client, String namespace) {
    pods =
        client
            .pods()
            .inNamespace(namespace)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    look(pod);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod pod) {
                    look(pod);
                  }

                  @Override
                  public void onDelete(Pod pod, boolean unknownState) {}
                });
  }

  /** Waits until so many could be taken; gives their names. */
  Set<String> awaitWaiting(int count) {
    await(() -> waiting().size() == count);
    return waiting();
  }

  /** Waits until these are all that there are. */
  void awaitNoneButWaiting(int count) {
    await(() -> pods.getStore().list().size() == count && waiting().size() == count);
  }

  /** Waits until the service's has an address. */
  Pod of(String service) {
    return addressed(service).orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).join();
  }

  @Override
  public void close() {
    pods.close();
  }

  private void look(Pod pod) {
    var service = pod.getMetadata().getLabels().get(Names.SERVICE_LABEL);
    if (service != null && pod.getStatus().getPodIP() != null) {
      addressed(service).complete(pod);
    }
  }

  private CompletableFuture<Pod> addressed(String service) {
    return addressed.computeIfAbsent(service, _ -> new CompletableFuture<>());
  }

  private Set<String> waiting() {
    return pods.getStore().list().stream()
        .filter(pod -> pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL))
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .filter(ReadyTimes::isReady)
        .map(pod -> pod.getMetadata().getName())
        .collect(Collectors.toSet());
  }

  private static void await(BooleanSupplier condition) {
    if (!Pause.until(condition, PATIENCE_MILLIS)) {
      throw new IllegalStateException("the warm pool does not become what it should be");
    }
  }
}
