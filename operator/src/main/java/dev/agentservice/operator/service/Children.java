package dev.agentservice.operator.service;

import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ResourceOperations;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

/**
 * Makes what a service owns. Where a name is taken it finds out by whom: what is the service's own
 * is gone on with, what is a former one's is waited for, what is foreign stays as it is.
 */
final class Children {

  /**
   * The API server gives Services their addresses one after the other, some 20 a second where it is
   * busy. More at once would wait there, be given up after 10 s, and cost it two writes more each.
   * To wait longer is no way out: no request may live as long as the lease under which it began.
   */
  private static final Semaphore ADDRESSES = new Semaphore(16, true);

  private final Context<AgentService> context;
  private final ServiceCaches caches;

  Children(Context<AgentService> context, ServiceCaches caches) {
    this.context = context;
    this.caches = caches;
  }

  Sandbox create(Pod pod, AgentService service) {
    return switch (make(pod, service, wanted -> writer().create(wanted, caches.pods()))) {
      case Kin.Made(Pod made) -> SandboxReading.of(made);
      case Kin.Own(Pod own) -> known(own);
      case Kin.Former(String name) -> new Sandbox.Former(name);
      case Kin.Foreign(String name) -> new Sandbox.Foreign(name);
    };
  }

  Front create(Service front, AgentService service) {
    return switch (make(front, service, this::createInTurn)) {
      case Kin.Made(Service made) -> FrontReading.of(made, service, false);
      case Kin.Own(Service _) -> FrontReading.of(point(front, service), service, false);
      case Kin.Former(String name) -> new Front.Former(name);
      case Kin.Foreign(String name) -> new Front.Foreign(name);
    };
  }

  /** Who comes second finds another version of the pod, or none. */
  Sandbox take(Warm.Free pod, Observation seen) {
    var service = seen.service();
    var change =
        WarmPod.taken(
            pod.uid(),
            pod.resourceVersion(),
            service.ownerReference(),
            ServiceNames.labels(service, seen.attempt()));
    try {
      return patched(pod.name(), service, change);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return new Sandbox.Missed(pod.name());
    }
  }

  Sandbox label(Action.LabelSandbox pod, AgentService service) {
    return patched(
        pod.name(), service, Map.of("metadata", Map.of("uid", pod.uid(), "labels", pod.labels())));
  }

  private Sandbox patched(String pod, AgentService service, Map<String, ?> change) {
    var patched =
        context
            .getClient()
            .resource(named(pod, service))
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                context.getClient().getKubernetesSerialization().asJson(change));
    return known(patched);
  }

  private Sandbox known(Pod pod) {
    caches.pods().handleRecentResourceCreate(ResourceID.fromResource(pod), pod);
    return SandboxReading.of(pod);
  }

  /** Which one is meant: with less, fabric8 asks for the object before it patches it. */
  private static Pod named(String pod, AgentService service) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(pod)
        .endMetadata()
        .build();
  }

  private Service createInTurn(Service front) {
    ADDRESSES.acquireUninterruptibly();
    try {
      return writer().create(front, caches.fronts());
    } finally {
      ADDRESSES.release();
    }
  }

  /** Lets the existing Service select what {@code wanted} does, and be found as that is. */
  Service point(Service wanted, AgentService service) {
    return writer().resourcePatch(wanted, front -> patch(front, service), caches.fronts());
  }

  private Service patch(Service wanted, AgentService service) {
    return context
        .getClient()
        .services()
        .inNamespace(wanted.getMetadata().getNamespace())
        .withName(wanted.getMetadata().getName())
        .edit(
            current -> {
              if (!current.hasOwnerReferenceFor(service)) {
                return current;
              }
              var labels = new HashMap<>(wanted.getMetadata().getLabels());
              Optional.ofNullable(current.getMetadata().getLabels())
                  .ifPresent(there -> there.forEach(labels::putIfAbsent));
              current.getMetadata().setLabels(labels);
              current.getSpec().setSelector(wanted.getSpec().getSelector());
              current.getSpec().setPorts(wanted.getSpec().getPorts());
              return current;
            });
  }

  /** The name was taken a moment ago and is free now: the pass is made again. */
  private static final class GoneMeanwhile extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GoneMeanwhile(String name) {
      super(name + " was there and is gone");
    }
  }

  /** What there is of a name after it was to be made. */
  private sealed interface Kin<C> {

    record Made<C>(C child) implements Kin<C> {}

    /** It was there already: an operator that died had made it, or its labels were taken off. */
    record Own<C>(C child) implements Kin<C> {}

    record Former<C>(String name) implements Kin<C> {}

    record Foreign<C>(String name) implements Kin<C> {}
  }

  private <C extends HasMetadata> Kin<C> make(
      C wanted, AgentService service, UnaryOperator<C> create) {
    try {
      return new Kin.Made<>(create.apply(wanted));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
    var name = wanted.getMetadata().getName();
    var existing = context.getClient().resource(wanted).get();
    if (existing == null) {
      throw new GoneMeanwhile(name);
    }
    return existing.hasOwnerReferenceFor(service)
        ? new Kin.Own<>(existing)
        : ServiceNames.isOfFormerService(existing, service)
            ? new Kin.Former<>(name)
            : new Kin.Foreign<>(name);
  }

  private ResourceOperations<AgentService> writer() {
    return context.resourceOperations();
  }
}
