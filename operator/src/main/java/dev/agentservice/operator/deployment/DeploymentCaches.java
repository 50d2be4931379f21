package dev.agentservice.operator.deployment;

import dev.agentservice.operator.ListedAtOnce;
import dev.agentservice.operator.network.ClusterNetwork;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is watched for deployments: versions, services that name them, policies and the pool. */
final class DeploymentCaches {

  private static final String BY_DEPLOYMENT = "by-deployment";

  private final IndexerResourceCache<AgentDeployment> deployments;
  private final InformerEventSource<AgentVersion, AgentDeployment> versions;
  private final InformerEventSource<AgentService, AgentDeployment> services;

  private final InformerEventSource<NetworkPolicy, AgentDeployment> policies;
  private final InformerEventSource<Pod, AgentDeployment> pool;
  private final Optional<ClusterNetwork> network;
  private final SandboxSettings sandboxes;

  DeploymentCaches(
      EventSourceContext<AgentDeployment> context,
      Optional<ClusterNetwork> network,
      SandboxSettings sandboxes) {
    deployments = context.getPrimaryCache();
    this.network = network;
    this.sandboxes = sandboxes;
    policies =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(NetworkPolicy.class, AgentDeployment.class)
                .withLabelSelector(Names.DEPLOYMENT_LABEL)
                .withSecondaryToPrimaryMapper(DeploymentCaches::labelled)
                .build(),
            context);
    versions =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(AgentVersion.class, AgentDeployment.class)
                .withSecondaryToPrimaryMapper(
                    version ->
                        Set.of(
                            new ResourceID(
                                version.getSpec().deployment(),
                                version.getMetadata().getNamespace())))
                .build(),
            context);
    services = new InformerEventSource<>(serviceConfiguration(context), context);
    pool =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Pod.class, AgentDeployment.class)
                .withLabelSelector(Names.WARM_LABEL)
                .withSecondaryToPrimaryMapper(DeploymentCaches::labelled)
                .build(),
            context);
    services.addIndexers(
        Map.of(
            BY_DEPLOYMENT,
            service ->
                List.of(
                    key(service.getMetadata().getNamespace(), service.getSpec().deployment()))));
  }

  List<EventSource<?, AgentDeployment>> all() {
    return network.isEmpty()
        ? List.of(versions, services, pool)
        : List.of(versions, services, pool, policies);
  }

  InformerEventSource<AgentVersion, AgentDeployment> versions() {
    return versions;
  }

  InformerEventSource<NetworkPolicy, AgentDeployment> policies() {
    return policies;
  }

  Map<String, Integer> warmSandboxes() {
    var sums = new TreeMap<>(Map.of("ready", 0, "target", 0));
    deployments
        .list(deployment -> deployment.getStatus() != null)
        .map(AgentDeployment::getStatus)
        .forEach(
            status -> {
              sums.merge("ready", orZero(status.warmReady()), Integer::sum);
              sums.merge("target", orZero(status.warmTarget()), Integer::sum);
            });
    return sums;
  }

  private static int orZero(Integer count) {
    return count == null ? 0 : count;
  }

  InformerEventSource<Pod, AgentDeployment> pool() {
    return pool;
  }

  /** Which states of which objects a status is of, but for the services. */
  List<String> basis(AgentDeployment deployment) {
    var policies =
        network.isEmpty()
            ? Stream.<HasMetadata>empty()
            : this.policies.getSecondaryResources(deployment).stream().map(HasMetadata.class::cast);
    return Stream.concat(
            Stream.of(
                deployment.getMetadata().getUid() + "/" + deployment.getMetadata().getGeneration()),
            Stream.of(
                    versions.getSecondaryResources(deployment).stream(),
                    pool.getSecondaryResources(deployment).stream(),
                    policies)
                .flatMap(children -> children)
                .map(
                    child ->
                        child.getMetadata().getUid()
                            + "/"
                            + child.getMetadata().getResourceVersion())
                .sorted())
        .toList();
  }

  DeploymentObservation look(AgentDeployment deployment, Instant now) {
    var key = key(deployment.getMetadata().getNamespace(), deployment.getMetadata().getName());
    var named = services.byIndex(BY_DEPLOYMENT, key);
    var counts = new TreeMap<String, Integer>();
    named.forEach(service -> counts.merge(phase(service).word(), 1, Integer::sum));
    return new DeploymentObservation(
        deployment,
        versions.getSecondaryResources(deployment).stream().toList(),
        named.stream().flatMap(DeploymentCaches::references).collect(Collectors.toSet()),
        counts,
        named.stream().flatMap(DeploymentCaches::starts).max(Comparator.naturalOrder()),
        network.isEmpty() ? List.of() : List.copyOf(policies.getSecondaryResources(deployment)),
        pool.getSecondaryResources(deployment).stream()
            .filter(pod -> pod.hasOwnerReferenceFor(deployment))
            .map(PoolSandbox::of)
            .toList(),
        network,
        sandboxes,
        Optional.empty(),
        deployment.getMetadata().getUid() + "/" + UUID.randomUUID(),
        now);
  }

  /** Trimmed to what is counted, but for several namespaces: they would share the one store. */
  private static InformerEventSourceConfiguration<AgentService> serviceConfiguration(
      EventSourceContext<AgentDeployment> context) {
    var configuration =
        InformerEventSourceConfiguration.from(AgentService.class, AgentDeployment.class)
            .withInformerListLimit(ListedAtOnce.OBJECTS)
            .withSecondaryToPrimaryMapper(
                service ->
                    Set.of(
                        new ResourceID(
                            service.getSpec().deployment(), service.getMetadata().getNamespace())))
            .withOnUpdateFilter(DeploymentCaches::countsDiffer);
    var namespaces = context.getControllerConfiguration().getInformerConfig().getNamespaces();
    if (namespaces.size() <= 1) {
      configuration.withItemStore(new CountedServices());
    }
    return configuration.build();
  }

  private static Set<ResourceID> labelled(HasMetadata child) {
    return Set.of(
        new ResourceID(
            child.getMetadata().getLabels().get(Names.DEPLOYMENT_LABEL),
            child.getMetadata().getNamespace()));
  }

  private static Stream<String> references(AgentService service) {
    var resolved = service.getStatus() == null ? null : service.getStatus().versionId();
    return Stream.of(service.getSpec().version(), resolved).filter(Objects::nonNull);
  }

  private static Stream<Instant> starts(AgentService service) {
    return phase(service) == Phase.STARTING
            && service.getStatus() != null
            && service.getStatus().attemptStartedAt() != null
        ? Stream.of(Instant.parse(service.getStatus().attemptStartedAt()))
        : Stream.empty();
  }

  private static boolean countsDiffer(AgentService now, AgentService before) {
    return phase(now) != phase(before)
        || !Objects.equals(version(now.getStatus()), version(before.getStatus()));
  }

  private static String version(AgentServiceStatus status) {
    return status == null ? null : status.versionId();
  }

  private static Phase phase(AgentService service) {
    return service.getStatus() == null ? Phase.STARTING : service.getStatus().phase();
  }

  private static String key(String namespace, String deployment) {
    return namespace + "/" + deployment;
  }
}
