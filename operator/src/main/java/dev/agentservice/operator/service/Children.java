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
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

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
    try {
      return SandboxReading.of(context.resourceOperations().create(pod, caches.pods()));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      return adopt(pod, service);
    }
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
    caches.pods().handleRecentResourceCreate(ResourceID.fromResource(patched), patched);
    return SandboxReading.of(patched);
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

  private Sandbox adopt(Pod wanted, AgentService service) {
    var name = wanted.getMetadata().getName();
    var existing = context.getClient().resource(wanted).get();
    return switch (kinship(existing, service)) {
      case GONE -> throw new GoneMeanwhile(name);
      case OWN -> {
        caches.pods().handleRecentResourceCreate(ResourceID.fromResource(existing), existing);
        yield SandboxReading.of(existing);
      }
      case FORMER -> new Sandbox.Former(name);
      case FOREIGN -> new Sandbox.Foreign(name);
    };
  }

  Front create(Service front, AgentService service) {
    try {
      return FrontReading.of(createInTurn(front), service, false);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      var name = front.getMetadata().getName();
      var existing = context.getClient().resource(front).get();
      return switch (kinship(existing, service)) {
        case GONE -> throw new GoneMeanwhile(name);
        case OWN -> FrontReading.of(point(front, service), service, false);
        case FORMER -> new Front.Former(name);
        case FOREIGN -> new Front.Foreign(name);
      };
    }
  }

  private Service createInTurn(Service front) {
    ADDRESSES.acquireUninterruptibly();
    try {
      return context.resourceOperations().create(front, caches.fronts());
    } finally {
      ADDRESSES.release();
    }
  }

  /** Lets the existing Service select what {@code wanted} does, and be found as that is. */
  Service point(Service wanted, AgentService service) {
    return context
        .resourceOperations()
        .resourcePatch(wanted, front -> patch(front, service), caches.fronts());
  }

  private Service patch(Service wanted, AgentService service) {
    return context
        .getClient()
        .services()
        .inNamespace(wanted.getMetadata().getNamespace())
        .withName(wanted.getMetadata().getName())
        .edit(
            current -> {
              if (!ServiceNames.isOwned(current, service)) {
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

  private enum Kinship {
    GONE,
    OWN,
    FORMER,
    FOREIGN
  }

  private static Kinship kinship(HasMetadata existing, AgentService service) {
    return Optional.ofNullable(existing)
        .map(
            child ->
                ServiceNames.isOwned(child, service)
                    ? Kinship.OWN
                    : ServiceNames.isOfFormerService(child, service)
                        ? Kinship.FORMER
                        : Kinship.FOREIGN)
        .orElse(Kinship.GONE);
  }
}
