package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AdditionalEnv;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.EnvSpec;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * All that an API server keeps about one service, at one moment. It never changes: what happens
 * makes another one, so an old one is what a cache that lags shows.
 *
 * @param revision counts the changes; UIDs and resource versions are made of it
 * @param service null once its record is deleted
 * @param endpoints by the UID of a Service: the UIDs of the pods its EndpointSlice calls ready
 * @param endpointsFollow whether the EndpointSlice controller does its work
 * @param settings whether the ConfigMap of that name is there
 * @param deployment null while there is none
 * @param versions those of {@link #RECIPES} that there are
 * @param capped whether the deployment's {@code maxServices} is 1; else it sets no bound
 * @param siblingLives whether another service of the deployment lives
 * @param onTheirWay pods whose create timed out and will be applied late
 * @param late the UIDs of those that were
 * @param consumed the UIDs of the Secrets that a status named as its attempt's
 * @param launchers by the UID of a pod: the launcher in it, once it was told to start the agent
 * @param processes the ids of all processes that launchers ever started
 * @param injected by the UID of a transient Secret: the pods whose process got its values
 */
@RecordBuilder
record WalkWorld(
    Instant now,
    int revision,
    AgentService service,
    Map<String, Pod> pods,
    Map<String, Service> fronts,
    Map<String, Set<String>> endpoints,
    boolean endpointsFollow,
    Map<String, KeptSecret> secrets,
    boolean settings,
    KeptDeployment deployment,
    Set<String> versions,
    boolean capped,
    boolean siblingLives,
    List<Pod> onTheirWay,
    Set<String> late,
    Set<String> consumed,
    Map<String, KeptLauncher> launchers,
    Set<Long> processes,
    Map<String, Set<String>> injected)
    implements WalkWorldBuilder.With {

  /** Stands wherever an env value, or what an agent wrote, could be. */
  static final String CANARY = "c4n4ry-value";

  static final String NAME = "shop";

  private static final String SERVICE_UID = "service-";

  /** Every version that the deployment may ever have cut. */
  static final Map<String, Template> RECIPES =
      Map.of(
          "echo-v1",
          Situation.TEMPLATE,
          "echo-never",
          Situation.TEMPLATE.withRestartPolicy(RestartPolicy.NEVER),
          "echo-launched",
          Situation.TEMPLATE.withCommand(List.of("/agent")),
          "echo-launched-never",
          Situation.TEMPLATE.withCommand(List.of("/agent")).withRestartPolicy(RestartPolicy.NEVER),
          "echo-requires",
          Situation.TEMPLATE.withEnvSpec(new EnvSpec(List.of("TOKEN"), null, null)),
          "echo-denies",
          Situation.TEMPLATE.withEnvSpec(new EnvSpec(null, List.of("TOKEN"), AdditionalEnv.DENY)));

  /** A Secret without its values: {@code owner} is a UID, null where it is nobody's. */
  record KeptSecret(
      String uid, boolean transientEnv, String owner, boolean immutable, Set<String> keys) {}

  /**
   * A launcher that has started the agent.
   *
   * @param attempt whose agent it is, by the nonce that came with the env
   */
  record KeptLauncher(String attempt, long processId, boolean serving, int restarts) {

    String serviceUid() {
      return attempt.substring(0, attempt.indexOf('/'));
    }
  }

  record KeptDeployment(boolean suspended, boolean observed, String activeVersion) {}

  /** A deployment that was looked at, and a service that was just applied. */
  static WalkWorld begin() {
    return new WalkWorld(
            Situation.START,
            0,
            null,
            Map.of(),
            Map.of(),
            Map.of(),
            true,
            Map.of(),
            true,
            new KeptDeployment(false, true, "echo-v1"),
            Set.of("echo-v1"),
            false,
            false,
            List.of(),
            Set.of(),
            Set.of(),
            Map.of(),
            Set.of(),
            Map.of())
        .apply();
  }

  /** The author applies the service; one that was there before has another UID. */
  WalkWorld apply() {
    var applied = new AgentService();
    applied.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("tenant")
            .withName(NAME)
            .withUid(SERVICE_UID + revision)
            .withGeneration(1L)
            .withResourceVersion(Integer.toString(revision))
            .withCreationTimestamp(now.toString())
            .build());
    applied.setSpec(Situation.applied().seen().spec());
    applied.setStatus(
        AgentServiceStatusBuilder.builder().observedGeneration(-1L).phase(Phase.STARTING).build());
    return withService(applied);
  }

  WalkWorld spec(UnaryOperator<AgentServiceSpec> change) {
    if (service == null || change.apply(service.getSpec()).equals(service.getSpec())) {
      return this;
    }
    var changed = renewed(service.getStatus(), service.getMetadata().getGeneration() + 1);
    changed.setSpec(change.apply(service.getSpec()));
    return withService(changed);
  }

  WalkWorld status(AgentServiceStatus status) {
    var secret = status.envSecretName() == null ? null : secrets.get(status.envSecretName());
    return withService(renewed(status, service.getMetadata().getGeneration()))
        .withConsumed(secret == null ? consumed : with(consumed, secret.uid()));
  }

  private AgentService renewed(AgentServiceStatus status, long generation) {
    var copy = ServiceStatus.withStatus(service, status);
    copy.setMetadata(
        new ObjectMetaBuilder(service.getMetadata())
            .withGeneration(generation)
            .withResourceVersion(Integer.toString(revision))
            .build());
    return copy;
  }

  /** One that is changed by it has another resource version. */
  WalkWorld put(Pod pod) {
    var name = pod.getMetadata().getName();
    return pod.equals(pods.get(name))
        ? this
        : withPods(
            with(
                pods,
                name,
                new PodBuilder(pod)
                    .editMetadata()
                    .withResourceVersion(Integer.toString(revision))
                    .endMetadata()
                    .build()));
  }

  WalkWorld put(Service front) {
    return withFronts(with(fronts, front.getMetadata().getName(), front));
  }

  WalkWorld put(String name, KeptSecret secret) {
    return withSecrets(with(secrets, name, secret));
  }

  /** The agent in that pod runs as a new process. */
  WalkWorld put(String podUid, KeptLauncher launcher) {
    var all = new TreeSet<>(processes);
    all.add(launcher.processId());
    return withLaunchers(with(launchers, podUid, launcher)).withProcesses(all);
  }

  WalkWorld withoutPod(String name) {
    return withPods(without(pods, name));
  }

  WalkWorld withoutSecret(String name) {
    return withSecrets(without(secrets, name));
  }

  /** What the other controllers make of it: the endpoints follow the pods. */
  WalkWorld followed() {
    return endpointsFollow
        ? withEndpoints(
            fronts.values().stream()
                .collect(
                    Collectors.toMap(front -> front.getMetadata().getUid(), this::readyBehind)))
        : this;
  }

  private Set<String> readyBehind(Service front) {
    var selector = front.getSpec().getSelector();
    return pods.values().stream()
        .filter(
            pod ->
                !selector.isEmpty()
                    && pod.getMetadata().getLabels() != null
                    && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null && WalkNode.isReady(pod))
        .map(pod -> pod.getMetadata().getUid())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a service of this name, be it a former one, made it. */
  static boolean isOurKind(HasMetadata child) {
    var labels = child.getMetadata().getLabels();
    return labels != null
        && labels.getOrDefault(Names.SERVICE_UID_LABEL, "").startsWith(SERVICE_UID);
  }

  static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    var copy = new TreeMap<>(map);
    copy.put(key, value);
    return copy;
  }

  static Set<String> with(Set<String> set, String element) {
    var copy = new TreeSet<>(set);
    copy.add(element);
    return copy;
  }

  static <V> Map<String, V> without(Map<String, V> map, String key) {
    var copy = new TreeMap<>(map);
    copy.remove(key);
    return copy;
  }
}
