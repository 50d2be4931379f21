package dev.agentservice.operator.apiserver;

import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Stands in for scheduler, kubelet and the EndpointSlice controller: every sandbox runs and is
 * ready as soon as it is seen, but for those of an image that is {@link #MISSING}. Pods get no
 * node, so the API server deletes them at once when asked to.
 */
final class FakeNode implements AutoCloseable {

  /** An image that no registry has. */
  static final String MISSING = "missing:1";

  private static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

  private final KubernetesClient client;
  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<Service> services;

  FakeNode(KubernetesClient client) {
    this.client = client;
    pods =
        client
            .pods()
            .inAnyNamespace()
            .withLabel(Names.SERVICE_UID_LABEL)
            .inform(onAnyChange(this::look));
    services =
        client
            .services()
            .inAnyNamespace()
            .withLabel(Names.SERVICE_UID_LABEL)
            .inform(onAnyChange(service -> podsOf(service).forEach(this::look)));
  }

  @Override
  public void close() {
    pods.close();
    services.close();
    client.close();
  }

  private void look(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    try {
      if (image(pod).equals(MISSING)) {
        client.resource(notPulled(pod)).patchStatus();
        return;
      }
      if (pod.getStatus() == null || !"Running".equals(pod.getStatus().getPhase())) {
        client.resource(running(pod)).patchStatus();
      }
      services.getStore().list().stream()
          .filter(service -> podsOf(service).contains(pod))
          .forEach(service -> client.resource(slice(service, pod)).serverSideApply());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private List<Pod> podsOf(Service service) {
    var selector = service.getSpec().getSelector().entrySet();
    return pods.getStore().list().stream()
        .filter(
            pod ->
                pod.getMetadata().getNamespace().equals(service.getMetadata().getNamespace())
                    && pod.getMetadata().getLabels().entrySet().containsAll(selector))
        .toList();
  }

  private static String image(Pod pod) {
    return pod.getSpec().getContainers().getFirst().getImage();
  }

  private static Pod notPulled(Pod pod) {
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Pending")
        .addNewContainerStatus()
        .withName("agent")
        .withReady(false)
        .withRestartCount(0)
        .withImage(MISSING)
        .withImageID("")
        .withNewState()
        .withNewWaiting("never told", "ImagePullBackOff")
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static Pod running(Pod pod) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    return new PodBuilder(pod)
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withLastTransitionTime(now)
        .endCondition()
        .addNewContainerStatus()
        .withName("agent")
        .withReady(true)
        .withRestartCount(0)
        .withImage(image(pod))
        .withImageID("")
        .withNewState()
        .withNewRunning(now)
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice slice(
      Service service, Pod pod) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(service.getMetadata().getName() + "-fake")
        .withLabels(service.getMetadata().getLabels())
        .addToLabels(SERVICE_NAME_LABEL, service.getMetadata().getName())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("Service")
                .withName(service.getMetadata().getName())
                .withUid(service.getMetadata().getUid())
                .build())
        .endMetadata()
        .withAddressType("IPv4")
        .withEndpoints(
            new EndpointBuilder()
                .withAddresses("10.0.0.1")
                .withNewConditions()
                .withReady(true)
                .endConditions()
                .withTargetRef(
                    new ObjectReferenceBuilder()
                        .withKind("Pod")
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .build())
                .build())
        .build();
  }

  private static <T> ResourceEventHandler<T> onAnyChange(java.util.function.Consumer<T> handler) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T item) {
        handler.accept(item);
      }

      @Override
      public void onUpdate(T before, T now) {
        handler.accept(now);
      }

      @Override
      public void onDelete(T item, boolean lastStateUnknown) {}
    };
  }
}
