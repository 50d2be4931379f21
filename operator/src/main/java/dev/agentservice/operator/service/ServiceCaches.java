package dev.agentservice.operator.service;

import dev.agentservice.operator.edge.Routes;
import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is watched for services, and which service each event concerns. */
final class ServiceCaches implements AdmissionLedger.Siblings {

  private static final String BY_DEPLOYMENT = "by-deployment";
  private static final String BY_WARM_VERSION = "by-warm-version";
  private static final String BY_IDEMPOTENCY_KEY = "by-idempotency-key";

  private final IndexerResourceCache<AgentService> services;
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
    services = context.getPrimaryCache();
    services.addIndexers(
        Map.of(
            BY_DEPLOYMENT,
            service -> List.of(inDeploymentOf(service)),
            BY_IDEMPOTENCY_KEY,
            service ->
                IdempotencyKey.of(service)
                    .map(key -> List.of(inDeploymentOf(service) + "/" + key))
                    .orElseGet(List::of)));
    deployments =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(AgentDeployment.class, AgentService.class)
                .withSecondaryToPrimaryMapper(
                    deployment -> ids(servicesOf(deployment, deployment.getMetadata().getName())))
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
                            servicesOf(version, version.getSpec().deployment())
                                .filter(ServiceCaches::hasNoRecipeYet)))
                .withPrimaryToSecondaryMapper(ServiceCaches::versionsOf)
                .build(),
            context);
    pods =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, AgentService.class)
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
                .withLabelSelector(Names.SERVICE_UID_LABEL)
                .withSecondaryToPrimaryMapper(ServiceCaches::named)
                .withPrimaryToSecondaryMapper(ServiceCaches::frontOf)
                .build(),
            context);
    endpointSlices =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(EndpointSlice.class, AgentService.class)
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

  /** Those of which the public URL comes and goes with the gateway's protection. */
  Stream<ResourceID> ready() {
    return services
        .list(service -> Observation.statusOf(service).phase() == Phase.READY)
        .map(ResourceID::fromResource);
  }

  /** Every phase, by its word, also those that no service is in. */
  Map<String, Integer> countByPhase() {
    var counts = new TreeMap<String, Integer>();
    for (var phase : Phase.values()) {
      counts.put(phase.word(), 0);
    }
    services
        .list(_ -> true)
        .forEach(
            service -> counts.merge(Observation.statusOf(service).phase().word(), 1, Integer::sum));
    return counts;
  }

  /** Lets a service be looked at again, for something was heard that nobody watches. */
  void wake(ResourceID service) {
    wakeups.propagateEvent(service);
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
    return latest(services.byIndex(BY_DEPLOYMENT, inDeploymentOf(service)));
  }

  @Override
  public Stream<AgentService> withKey(AgentService service, String key) {
    return latest(services.byIndex(BY_IDEMPOTENCY_KEY, inDeploymentOf(service) + "/" + key));
  }

  @Override
  public Optional<Integer> maxServices(AgentService service) {
    return deployment(service).map(found -> found.getSpec().maxServices());
  }

  /** An index shows what the watch brought; the cache itself knows own writes before that. */
  private Stream<AgentService> latest(List<AgentService> indexed) {
    return indexed.stream()
        .flatMap(service -> services.get(ResourceID.fromResource(service)).stream());
  }

  private static String inDeploymentOf(AgentService service) {
    return service.getMetadata().getNamespace() + "/" + service.getSpec().deployment();
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
    if (!ServiceNames.isOwned(front, service)) {
      return new Front.Former(front.getMetadata().getName());
    }
    return reading(front, service, isServing(service, front, sandbox));
  }

  /** A Service whose selector was changed by hand selects no attempt. */
  static Front.Present reading(Service front, AgentService service, boolean serving) {
    var current = Observation.statusOf(service).attempt();
    var selectsCurrent =
        current != null && ServiceNames.selector(service).equals(front.getSpec().getSelector());
    return new Front.Present(
        selectsCurrent ? current : 0,
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

  /** Any service with a sandbox there: its pass puts the namespace's policy back. */
  private Set<ResourceID> oneThatLives(NetworkPolicy isolation) {
    return ids(
        services
            .list(
                isolation.getMetadata().getNamespace(),
                service -> Intent.of(service) == Intent.KEEP)
            .limit(1));
  }

  private Stream<AgentService> servicesOf(HasMetadata source, String deployment) {
    var namespace = source.getMetadata().getNamespace();
    return services.byIndex(BY_DEPLOYMENT, namespace + "/" + deployment).stream();
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
