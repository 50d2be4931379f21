package dev.agentservice.operator.service;

import dev.agentservice.operator.ListedAtOnce;
import dev.agentservice.operator.edge.Routes;
import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is watched for services, and which service each event concerns. */
final class ServiceCaches implements AdmissionLedger.Siblings {

  private static final String BY_WARM_VERSION = "by-warm-version";

  private final ServiceIndex services;
  private final InformerEventSource<AgentDeployment, AgentService> deployments;
  private final InformerEventSource<AgentVersion, AgentService> versions;
  private final InformerEventSource<Pod, AgentService> pods;
  private final InformerEventSource<Service, AgentService> fronts;
  private final InformerEventSource<EndpointSlice, AgentService> endpointSlices;
  private final InformerEventSource<NetworkPolicy, AgentService> isolations;
  private final SimpleInboundEventSource<AgentService> wakeups = new SimpleInboundEventSource<>();
  private final Optional<Routes<?>> routes;

  ServiceCaches(EventSourceContext<AgentService> context, Optional<Routes<?>> routes) {
    this.routes = routes;
    services = new ServiceIndex(context.getPrimaryCache());
    deployments =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(AgentDeployment.class, AgentService.class)
                .withSecondaryToPrimaryMapper(
                    deployment -> ids(services.of(deployment, deployment.getMetadata().getName())))
                .withPrimaryToSecondaryMapper(ServiceCaches::deploymentOf)
                .withOnUpdateFilter(ServiceCaches::mattersToServices)
                .build(),
            context);
    versions =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(AgentVersion.class, AgentService.class)
                .withSecondaryToPrimaryMapper(
                    version ->
                        ids(
                            services
                                .of(version, version.getSpec().deployment())
                                .filter(ServiceCaches::hasNoRecipeYet)))
                .withPrimaryToSecondaryMapper(ServiceCaches::versionsOf)
                .build(),
            context);
    pods =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, AgentService.class)
                .withInformerListLimit(ListedAtOnce.OBJECTS)
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withSecondaryToPrimaryMapper(ServiceCaches::named)
                .build(),
            context);
    pods.addIndexers(
        Map.of(
            BY_WARM_VERSION,
            pod ->
                pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL)
                    ? List.of(warmKey(pod.getMetadata().getNamespace(), versionOf(pod)))
                    : List.of()));
    fronts =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Service.class, AgentService.class)
                .withInformerListLimit(ListedAtOnce.OBJECTS)
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withSecondaryToPrimaryMapper(ServiceCaches::named)
                .withPrimaryToSecondaryMapper(ServiceCaches::frontOf)
                .build(),
            context);
    endpointSlices =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(EndpointSlice.class, AgentService.class)
                .withInformerListLimit(ListedAtOnce.OBJECTS)
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withSecondaryToPrimaryMapper(ServiceCaches::named)
                .build(),
            context);
    isolations =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(NetworkPolicy.class, AgentService.class)
                .withLabelSelector(Names.ISOLATION_LABEL)
                .withSecondaryToPrimaryMapper(this::oneThatLives)
                .build(),
            context);
  }

  /**
   * @param isolated whether NetworkPolicies are this operator's business
   */
  List<EventSource<?, AgentService>> all(boolean isolated) {
    var all =
        new ArrayList<EventSource<?, AgentService>>(
            List.of(deployments, versions, pods, fronts, endpointSlices, wakeups));
    if (isolated) {
      all.add(isolations);
    }
    routes.map(Routes::source).ifPresent(all::add);
    return all;
  }

  /** What public routes there are; empty where the installation makes none. */
  Optional<Routes<?>> routes() {
    return routes;
  }

  Optional<HasMetadata> route(AgentService service) {
    return routes.flatMap(watched -> watched.of(service));
  }

  /** Lets a service be looked at again, for something was heard that nobody watches. */
  void wake(ResourceID service) {
    wakeups.propagateEvent(service);
  }

  ServiceIndex services() {
    return services;
  }

  InformerEventSource<NetworkPolicy, AgentService> isolations() {
    return isolations;
  }

  /** The NetworkPolicy that the namespace should have and does not. */
  Optional<NetworkPolicy> lackingIsolation(AgentService service) {
    var wanted = SandboxNetwork.isolation(service.getMetadata().getNamespace());
    var there = isolations.get(ResourceID.fromResource(wanted));
    return there.filter(policy -> SandboxNetwork.isAs(wanted, policy)).isPresent()
        ? Optional.empty()
        : Optional.of(wanted);
  }

  InformerEventSource<Pod, AgentService> pods() {
    return pods;
  }

  InformerEventSource<Service, AgentService> fronts() {
    return fronts;
  }

  @Override
  public Stream<AgentService> siblings(AgentService service) {
    return services.siblings(service);
  }

  @Override
  public Stream<AgentService> withKey(AgentService service, String key) {
    return services.withKey(service, key);
  }

  @Override
  public Optional<Integer> maxServices(AgentService service) {
    return deployment(service).map(found -> found.getSpec().maxServices());
  }

  Optional<AgentDeployment> deployment(AgentService service) {
    return deployments.get(inNamespaceOf(service, service.getSpec().deployment()));
  }

  Optional<AgentVersion> version(AgentService service, String name) {
    return versions.get(inNamespaceOf(service, name));
  }

  List<Pod> podsOf(AgentService service) {
    return pods.getSecondaryResources(service).stream()
        .filter(pod -> pod.hasOwnerReferenceFor(service))
        .toList();
  }

  /** Sandboxes that wait for a service of that version, and could be taken now. */
  Stream<Pod> warm(AgentService service, String version) {
    return pods
        .byIndex(BY_WARM_VERSION, warmKey(service.getMetadata().getNamespace(), version))
        .stream()
        .filter(
            pod -> SandboxReading.of(pod) instanceof Sandbox.Running(_, boolean ready) && ready);
  }

  private static String warmKey(String namespace, String version) {
    return namespace + "/" + version;
  }

  private static String versionOf(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault(Names.VERSION_LABEL, "");
  }

  /** A pod that a deleted service of the same name still has. */
  Optional<Pod> podOfFormerService(AgentService service) {
    return pods.getSecondaryResources(service).stream()
        .filter(pod -> ServiceNames.isOfFormerService(pod, service))
        .findFirst();
  }

  Front front(AgentService service, Sandbox sandbox) {
    var found = fronts.get(inNamespaceOf(service, service.getMetadata().getName()));
    if (found.isEmpty()) {
      return new Front.Absent();
    }
    var front = found.get();
    if (!front.hasOwnerReferenceFor(service)) {
      return new Front.Former(front.getMetadata().getName());
    }
    return FrontReading.of(
        front, service, sandbox, endpointSlices.getSecondaryResources(service).stream());
  }

  /** Any service with a sandbox there: its pass puts the namespace's policy back. */
  private Set<ResourceID> oneThatLives(NetworkPolicy isolation) {
    return ids(services.thatLive(isolation.getMetadata().getNamespace()).limit(1));
  }

  /** Its counts change all the time and concern no service; what new services get does. */
  private static boolean mattersToServices(AgentDeployment now, AgentDeployment before) {
    return !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
        || !Objects.equals(now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
        || !Objects.equals(observed(now), observed(before));
  }

  /** Which generation was looked at, and what came of it. */
  private static List<Object> observed(AgentDeployment deployment) {
    var status = deployment.getStatus();
    return status == null
        ? List.of()
        : Arrays.asList(status.observedGeneration(), status.activeVersion());
  }

  private static boolean hasNoRecipeYet(AgentService service) {
    return Observation.statusOf(service).versionId() == null;
  }

  // With these three JOSDK keeps no index: a set for each service, and for a deployment, with each
  // count that it writes, all its services anew.

  private static Set<ResourceID> deploymentOf(AgentService service) {
    return Set.of(inNamespaceOf(service, service.getSpec().deployment()));
  }

  private static Set<ResourceID> versionsOf(AgentService service) {
    return Stream.of(service.getSpec().version(), Observation.statusOf(service).versionId())
        .filter(Objects::nonNull)
        .map(name -> inNamespaceOf(service, name))
        .collect(Collectors.toSet());
  }

  private static Set<ResourceID> frontOf(AgentService service) {
    return Set.of(ResourceID.fromResource(service));
  }

  private static Set<ResourceID> ids(Stream<AgentService> services) {
    return services.map(ResourceID::fromResource).collect(Collectors.toSet());
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
