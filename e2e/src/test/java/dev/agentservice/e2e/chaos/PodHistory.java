package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which sandboxes existed at one time, and whose they were: of one service there may never be two,
 * and none may ever be of two services.
 */
public final class PodHistory extends History<Pod, PodList> {

  private static final String NOBODY = "nobody";

  private final Map<String, Map<String, String>> podsByService = new HashMap<>();
  private final Map<String, String> serviceByPod = new HashMap<>();
  private final Set<String> waited = new HashSet<>();
  private final Set<String> free = new HashSet<>();
  private final ConcurrentLinkedQueue<String> duplicates = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> shared = new ConcurrentLinkedQueue<>();
  private final AtomicInteger seen = new AtomicInteger();

  PodHistory(FilterWatchListDeletable<Pod, PodList, PodResource> pods) {
    super(pods);
  }

  static PodHistory of(KubernetesClient client) {
    return begun(new PodHistory(client.pods().inAnyNamespace().withLabel(Names.SERVICE_UID_LABEL)));
  }

  /** The history of one namespace, from now on. */
  public static PodHistory of(KubernetesClient client, String namespace) {
    return begun(
        new PodHistory(client.pods().inNamespace(namespace).withLabel(Names.SERVICE_UID_LABEL)));
  }

  private static PodHistory begun(PodHistory history) {
    history.begin();
    return history;
  }

  /** One line for each time that a second pod of a service appeared beside another. */
  public List<String> duplicates() {
    return List.copyOf(duplicates);
  }

  /** One line for each time that a sandbox of one service became another's, or nobody's. */
  public List<String> shared() {
    return List.copyOf(shared);
  }

  /** How many services' sandboxes had waited in a pool before. */
  public synchronized int taken() {
    return (int) waited.stream().filter(serviceByPod::containsKey).count();
  }

  /** Whether a sandbox waits in a pool, and could be taken now. */
  public synchronized boolean hasFree() {
    return !free.isEmpty();
  }

  /** Whether a service, by its UID, has a sandbox now. */
  public synchronized boolean hasAny(String serviceUid) {
    return podsByService.containsKey(serviceUid);
  }

  /** How many pods of services there have been. */
  public int seen() {
    return seen.get();
  }

  @Override
  synchronized void startWith(List<Pod> all) {
    podsByService.clear();
    free.clear();
    all.forEach(this::changed);
  }

  @Override
  synchronized void changed(Pod pod) {
    var waits = pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL);
    noteOwner(pod, waits ? NOBODY : service(pod));
    if (waits) {
      waited.add(pod.getMetadata().getUid());
    }
    if (waits && isReady(pod)) {
      free.add(pod.getMetadata().getUid());
    } else {
      free.remove(pod.getMetadata().getUid());
    }
    if (waits) {
      return;
    }
    var pods = podsByService.computeIfAbsent(service(pod), _ -> new HashMap<>());
    if (pods.put(pod.getMetadata().getUid(), pod.getMetadata().getName()) == null) {
      seen.incrementAndGet();
      if (pods.size() > 1) {
        duplicates.add(
            "%s: %s at resource version %s"
                .formatted(
                    pod.getMetadata().getNamespace(),
                    pods.values(),
                    pod.getMetadata().getResourceVersion()));
      }
    }
  }

  private void noteOwner(Pod pod, String owner) {
    var former = serviceByPod.get(pod.getMetadata().getUid());
    if (former != null && !former.equals(owner)) {
      shared.add(
          "%s/%s: of %s, then of %s"
              .formatted(
                  pod.getMetadata().getNamespace(), pod.getMetadata().getName(), former, owner));
    } else if (!owner.equals(NOBODY)) {
      serviceByPod.put(pod.getMetadata().getUid(), owner);
    }
  }

  @Override
  synchronized void deleted(Pod pod) {
    free.remove(pod.getMetadata().getUid());
    var pods = podsByService.get(service(pod));
    if (pods != null && pods.remove(pod.getMetadata().getUid()) != null && pods.isEmpty()) {
      podsByService.remove(service(pod));
    }
  }

  private static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  private static String service(Pod pod) {
    return pod.getMetadata().getLabels().get(Names.SERVICE_UID_LABEL);
  }
}
