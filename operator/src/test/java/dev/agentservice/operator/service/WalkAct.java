package dev.agentservice.operator.service;

import dev.agentservice.operator.service.WalkWorld.KeptDeployment;
import dev.agentservice.operator.service.WalkWorld.KeptSecret;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.EnvFrom;
import dev.agentservice.v1alpha1.EnvFromBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What authors, nodes, other controllers and time do to a service. */
enum WalkAct implements WalkStep {
  // ---- its author

  RESTART(3, "restartId is changed", world -> world.spec(spec -> spec.withRestartId(fresh(world)))),
  STOP(2, "desiredState is Stopped", world -> desired(world, DesiredState.STOPPED)),
  RUN(3, "desiredState is Running", world -> desired(world, DesiredState.RUNNING)),
  RESTART_WITH_SECRET(
      3,
      "a new Secret is made and named, and restartId is changed",
      world -> {
        var name = "env-" + world.revision();
        return withSecret(world, name)
            .spec(spec -> spec.withRestartId(fresh(world)).withEnvSecret(named(name)));
      }),
  NAME_SECRET(
      2,
      "a Secret is named that is not there yet",
      world -> world.spec(spec -> spec.withEnvSecret(named("env-" + world.revision())))),
  RESTART_WITHOUT_SECRET(
      1,
      "no Secret is named any more, and restartId is changed",
      world -> world.spec(spec -> spec.withRestartId(fresh(world)).withEnvSecret(null))),
  REMOVE_RESTART_ID(
      1, "restartId is removed", world -> world.spec(spec -> spec.withRestartId(null))),
  MAKE_SECRET(
      3,
      "the Secret that is named is made",
      world -> secretName(world) == null ? world : withSecret(world, secretName(world))),
  DELETE_SECRET(
      1,
      "the Secret that is named is deleted",
      world -> secretName(world) == null ? world : world.withoutSecret(secretName(world))),
  MAKE_FOREIGN_SECRET(
      1,
      "a Secret of another owner takes the name",
      world ->
          secretName(world) == null || world.secrets().containsKey(secretName(world))
              ? world
              : world.put(
                  secretName(world),
                  new KeptSecret(
                      "secret-" + world.revision(), true, "other-uid", false, Set.of("TOKEN")))),
  NAME_SETTINGS(
      1,
      "envFrom names the ConfigMap settings",
      world ->
          world.spec(
              spec ->
                  spec.withEnvFrom(
                      List.of(
                          EnvFromBuilder.builder()
                              .configMapRef(new EnvFrom.WholeRef("settings"))
                              .build())))),
  TOGGLE_SETTINGS(
      1,
      "the ConfigMap settings is deleted or made again",
      world -> world.withSettings(!world.settings())),
  EXPIRE(
      1,
      "ttlSecondsAfterFinished is 60",
      world -> world.spec(spec -> spec.withTtlSecondsAfterFinished(60))),
  APPLY_AGAIN(1, "the service is deleted and applied again", WalkWorld::apply),

  // ---- the deployment's author, and its operator

  DELETE_DEPLOYMENT(
      1, "the deployment is deleted", world -> world.withDeployment(null).withVersions(Set.of())),
  APPLY_DEPLOYMENT(
      2,
      "the deployment is applied again",
      world -> world.deployment() == null ? cut(world, "echo-v1") : world),
  OBSERVE_DEPLOYMENT(
      1,
      "the deployment has changed and is not looked at, or is looked at",
      world ->
          deployment(
              world, it -> new KeptDeployment(it.suspended(), !it.observed(), it.activeVersion()))),
  SUSPEND_DEPLOYMENT(
      1,
      "the deployment is suspended, or no longer",
      world ->
          deployment(
              world, it -> new KeptDeployment(!it.suspended(), it.observed(), it.activeVersion()))),
  CUT_NEVER(1, "the recipe now says restartPolicy Never", world -> cut(world, "echo-never")),
  CUT_LAUNCHED(2, "the recipe now names a command", world -> cut(world, "echo-launched")),
  CUT_LAUNCHED_NEVER(
      1,
      "the recipe now names a command and says Never",
      world -> cut(world, "echo-launched-never")),
  CUT_REQUIRES(1, "the recipe now requires TOKEN", world -> cut(world, "echo-requires")),
  CUT_DENIES(1, "the recipe now allows TOKEN only", world -> cut(world, "echo-denies")),
  DELETE_VERSION(
      1,
      "the active version is deleted",
      world ->
          world.withVersions(
              world.versions().stream()
                  .filter(
                      version ->
                          world.deployment() == null
                              || !version.equals(world.deployment().activeVersion()))
                  .collect(Collectors.toUnmodifiableSet()))),

  /** Of two that live already none is put out, so that the law could not hold. */
  CAP(2, "maxServices is 1", world -> world.siblingLives() ? world : world.withCapped(true)),
  UNCAP(1, "maxServices is unset", world -> world.withCapped(false)),
  SIBLING_ENDS(2, "the other service is stopped", world -> world.withSiblingLives(false)),

  // ---- the sandbox

  COMES_UP(
      8,
      "the sandbox comes up",
      world ->
          pods(pods(pods(world, WalkNode::schedules), WalkNode::runs), WalkNode::becomesReady)),
  SCHEDULES(2, "the sandbox gets a node", world -> pods(world, WalkNode::schedules)),
  FINDS_NO_NODE(1, "no node takes the sandbox", world -> pods(world, WalkNode::findsNoNode)),
  RUNS(3, "the agent is started", world -> pods(world, WalkNode::runs)),
  BECOMES_READY(3, "the agent answers", world -> pods(world, WalkNode::becomesReady)),
  ANSWERS(3, "the agent that a launcher started answers", world -> pods(world, WalkNode::answers)),
  IS_RESTARTED(2, "the launcher restarts the agent", world -> pods(world, WalkNode::restarts)),
  IS_RESTARTED_UNSEEN(
      2,
      "the launcher restarts the agent, and the pod is Ready again at once",
      world -> pods(world, WalkNode::restartsUnseen)),
  FAILS_ITS_PROBE(2, "the agent does not answer", world -> pods(world, WalkNode::failsItsProbe)),
  COMPLETES(1, "the agent exits with 0", world -> pods(world, exits(0, "Completed"))),
  CRASHES(2, "the agent exits with 1", world -> pods(world, exits(1, "Error"))),
  RUNS_OUT_OF_MEMORY(
      1, "the agent is killed for memory", world -> pods(world, exits(137, "OOMKilled"))),
  CANNOT_PULL(
      1,
      "the image cannot be pulled",
      world -> pods(world, (it, pod) -> WalkNode.waits(it, pod, "ImagePullBackOff"))),
  HAS_A_BAD_IMAGE(
      1,
      "the image name is not valid",
      world -> pods(world, (it, pod) -> WalkNode.waits(it, pod, "InvalidImageName"))),
  IS_EVICTED(1, "the sandbox is evicted", world -> pods(world, WalkNode::evicts)),
  LOSES_ITS_NODE(2, "the node is lost", world -> pods(world, WalkNode::isLost)),
  IS_TAINTED(
      1,
      "the node controller deletes the sandbox",
      world -> pods(world, WalkNode::isEvictedByTaint)),
  IS_DELETED(2, "the sandbox is deleted by hand", world -> pods(world, WalkNode::deleted)),
  IS_GONE(5, "the sandbox that leaves is gone", world -> pods(world, WalkNode::isGone)),
  ARRIVES_LATE(3, "a create that timed out is applied", WalkAct::arrivesLate),

  // ---- the sandboxes that wait in the deployment's pool

  POOL_FILLS(3, "one more sandbox waits", WalkPool::fills),
  POOL_LEAVES(1, "the sandboxes that wait are deleted", WalkPool::leaves),
  ANOTHER_TAKES(1, "another service takes the sandboxes that wait", WalkPool::isTakenByAnother),
  ANOTHER_STARTS(1, "the other service's agents are started", WalkPool::isStartedByAnother),

  // ---- what is around it

  DELETE_FRONT(
      1,
      "the Service is deleted by hand",
      world -> world.withFronts(WalkWorld.without(world.fronts(), WalkWorld.NAME))),
  MAKE_FOREIGN_FRONT(
      1,
      "a Service of somebody else takes the name",
      world ->
          world.fronts().containsKey(WalkWorld.NAME)
              ? world
              : world.put(
                  new ServiceBuilder()
                      .withNewMetadata()
                      .withName(WalkWorld.NAME)
                      .withUid("foreign-" + world.revision())
                      .endMetadata()
                      .withNewSpec()
                      .endSpec()
                      .build())),
  MAKE_FOREIGN_POD(
      1,
      "a pod of somebody else takes the next sandbox's name",
      world -> {
        if (world.service() == null) {
          return world;
        }
        var attempt = Observation.statusOf(world.service()).attempt();
        var name = ServiceNames.sandbox(world.service(), attempt == null ? 1 : attempt + 1);
        return world.pods().containsKey(name)
            ? world
            : world.put(
                new PodBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withUid("foreign-" + world.revision())
                    .endMetadata()
                    .withNewSpec()
                    .withNodeName("node-1")
                    .endSpec()
                    .build());
      }),
  STOP_ENDPOINTS(
      1,
      "the EndpointSlice controller stops, or goes on",
      world -> world.withEndpointsFollow(!world.endpointsFollow())),
  COLLECT_GARBAGE(3, "what has no owner any more is deleted", WalkCluster::collected),

  // ---- time

  A_SECOND(3, "a second passes", world -> later(world, 1)),
  FIVE_SECONDS(3, "5 seconds pass", world -> later(world, 5)),
  A_MINUTE(2, "a minute passes", world -> later(world, 60)),
  TWO_MINUTES(2, "two minutes pass", world -> later(world, 120)),
  TEN_MINUTES(2, "ten minutes pass", world -> later(world, 600));

  /** How often it happens, against the others. */
  final int weight;

  private final String words;

  @SuppressWarnings("ImmutableEnumChecker") // a lambda that captures nothing
  private final UnaryOperator<WalkWorld> change;

  WalkAct(int weight, String words, UnaryOperator<WalkWorld> change) {
    this.weight = weight;
    this.words = words;
    this.change = change;
  }

  @Override
  public void take(Walk walk) {
    walk.happens(words, change);
  }

  static WalkWorld arrivesLate(WalkWorld world) {
    if (world.onTheirWay().isEmpty()) {
      return world;
    }
    var pod = world.onTheirWay().getFirst();
    var rest = world.withOnTheirWay(world.onTheirWay().subList(1, world.onTheirWay().size()));
    if (world.pods().containsKey(pod.getMetadata().getName())) {
      return rest;
    }
    var made = WalkHands.made(pod, world);
    return rest.put(made).withLate(WalkWorld.with(world.late(), made.getMetadata().getUid()));
  }

  private static String fresh(WalkWorld world) {
    return "restart-" + world.revision();
  }

  private static AgentServiceSpec.EnvSecret named(String name) {
    return new AgentServiceSpec.EnvSecret(name);
  }

  static WalkWorld desired(WalkWorld world, DesiredState state) {
    return world.spec(spec -> spec.withDesiredState(state));
  }

  private static String secretName(WalkWorld world) {
    return world.service() == null || world.service().getSpec().envSecret() == null
        ? null
        : world.service().getSpec().envSecret().name();
  }

  private static WalkWorld withSecret(WalkWorld world, String name) {
    return world.secrets().containsKey(name)
        ? world
        : world.put(
            name, new KeptSecret("secret-" + world.revision(), true, null, false, Set.of("TOKEN")));
  }

  static WalkWorld deployment(WalkWorld world, UnaryOperator<KeptDeployment> change) {
    return world.deployment() == null
        ? world
        : world.withDeployment(change.apply(world.deployment()));
  }

  static WalkWorld cut(WalkWorld world, String version) {
    return world
        .withDeployment(new KeptDeployment(false, true, version))
        .withVersions(WalkWorld.with(world.versions(), version));
  }

  private static WalkWorld later(WalkWorld world, int seconds) {
    return world.withNow(world.now().plusSeconds(seconds));
  }

  /** Does to each sandbox, in the order of names, what {@code change} does to one. */
  static WalkWorld pods(WalkWorld world, PodChange change) {
    var next = world;
    for (var pod : world.pods().values()) {
      if (WalkWorld.isOurKind(pod)) {
        next = change.apply(next, pod);
      }
    }
    return next;
  }

  interface PodChange {
    WalkWorld apply(WalkWorld world, Pod pod);
  }

  private static PodChange exits(int code, String reason) {
    return (world, pod) -> WalkNode.exits(world, pod, code, reason);
  }
}
