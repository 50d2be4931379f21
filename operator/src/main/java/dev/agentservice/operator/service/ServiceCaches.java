package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is watched for services, and which service each event concerns. */
final class ServiceCaches {

  private static final String BY_DEPLOYMENT = "by-deployment";

  private final IndexerResourceCache<AgentService> services;
  private final InformerEventSource<AgentDeployment, AgentService> deployments;
  private final InformerEventSource<AgentVersion, AgentService> versions;
  private final InformerEventSource<Pod, AgentService> pods;
  private final InformerEventSource<Service, AgentService> fronts;
  private final InformerEventSource<EndpointSlice, AgentService> endpointSlices;

  ServiceCaches(EventSourceContext<AgentService> context) {
    services = context.getPrimaryCache();
    services.addIndexers(
        Map.of(
            BY_DEPLOYMENT,
            service ->
                List.of(
                    service.getMetadata().getNamespace() + "/" + service.getSpec().deployment())));
    deployments =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(AgentDeployment.class, AgentService.class)
                .withSecondaryToPrimaryMapper(
                    deployment -> concernedBy(deployment, deployment.getMetadata().getName()))
                .build(),
            context);
    versions =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(AgentVersion.class, AgentService.class)
                .withSecondaryToPrimaryMapper(
                    version -> concernedBy(version, version.getSpec().deployment()))
                .build(),
            context);
    pods =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, AgentService.class)
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withItemStore(new TrimmedPods())
                .withSecondaryToPrimaryMapper(ServiceCaches::named)
                .build(),
            context);
    fronts =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Service.class, AgentService.class)
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withSecondaryToPrimaryMapper(ServiceCaches::named)
                .build(),
            context);
    endpointSlices =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(EndpointSlice.class, AgentService.class)
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withSecondaryToPrimaryMapper(ServiceCaches::named)
                .build(),
            context);
  }

  List<EventSource<?, AgentService>> all() {
    return List.of(deployments, versions, pods, fronts, endpointSlices);
  }

  InformerEventSource<Pod, AgentService> pods() {
    return pods;
  }

  InformerEventSource<Service, AgentService> fronts() {
    return fronts;
  }

  Optional<AgentDeployment> deployment(AgentService service) {
    return deployments.get(inNamespaceOf(service, service.getSpec().deployment()));
  }

  Optional<AgentVersion> version(AgentService service, String name) {
    return versions.get(inNamespaceOf(service, name));
  }

  List<Pod> podsOf(AgentService service) {
    return pods.getSecondaryResources(service).stream()
        .filter(pod -> ServiceNames.isOwned(pod, service))
        .toList();
  }

  Front front(AgentService service, Sandbox sandbox) {
    var found = fronts.get(inNamespaceOf(service, service.getMetadata().getName()));
    if (found.isEmpty()) {
      return new Front.Absent();
    }
    var front = found.get();
    if (!ServiceNames.isOwned(front, service)) {
      return new Front.Former(front.getMetadata().getName());
    }
    return reading(front, isServing(service, front, sandbox));
  }

  static Front.Present reading(Service front, boolean serving) {
    var attempt = front.getSpec().getSelector().get(Names.ATTEMPT_LABEL);
    return new Front.Present(
        attempt == null ? 0 : Integer.parseInt(attempt),
        front.getSpec().getPorts().stream().findFirst().map(ServicePort::getPort).orElse(0),
        serving);
  }

  private boolean isServing(AgentService service, Service front, Sandbox sandbox) {
    return sandbox instanceof Sandbox.Present present
        && endpointSlices.getSecondaryResources(service).stream()
            .filter(slice -> isOf(slice, front))
            .map(EndpointSlice::getEndpoints)
            .filter(Objects::nonNull) // as the controller writes a slice before any pod is ready
            .flatMap(List::stream)
            .anyMatch(endpoint -> isReady(endpoint, present.pod().uid()));
  }

  private static boolean isOf(EndpointSlice slice, Service front) {
    return slice.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(front.getMetadata().getUid()));
  }

  private static boolean isReady(Endpoint endpoint, String podUid) {
    return endpoint.getTargetRef() != null
        && Objects.equals(endpoint.getTargetRef().getUid(), podUid)
        && endpoint.getConditions() != null
        && Boolean.TRUE.equals(endpoint.getConditions().getReady());
  }

  /**
   * A deployment or version matters to a service until it has its recipe, and when it is deleted.
   */
  private Set<ResourceID> concernedBy(HasMetadata source, String deployment) {
    var namespace = source.getMetadata().getNamespace();
    var goneOrGoing =
        deployments.get(new ResourceID(deployment, namespace)).isEmpty()
            || source.getMetadata().getDeletionTimestamp() != null;
    return services.byIndex(BY_DEPLOYMENT, namespace + "/" + deployment).stream()
        .filter(service -> goneOrGoing || Observation.statusOf(service).versionId() == null)
        .map(ResourceID::fromResource)
        .collect(Collectors.toSet());
  }

  private static Set<ResourceID> named(HasMetadata child) {
    var labels = child.getMetadata().getLabels();
    var name = labels == null ? null : labels.get(Names.SERVICE_LABEL);
    return name == null
        ? Set.of()
        : Set.of(new ResourceID(name, child.getMetadata().getNamespace()));
  }

  private static ResourceID inNamespaceOf(AgentService service, String name) {
    return new ResourceID(name, service.getMetadata().getNamespace());
  }
}
