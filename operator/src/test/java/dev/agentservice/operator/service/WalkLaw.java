package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What holds however a walk goes. */
enum WalkLaw {
  /** Nothing that can be seen makes the operator stumble. */
  EVERY_LOOK_HAS_AN_ANSWER,
  /** However passes of several services come between each other's writes. */
  NO_MORE_THAN_MAX_SERVICES_LIVE,
  /** No pod is made while another of this service exists, but for one whose create came late. */
  AT_MOST_ONE_SANDBOX,
  /**
   * Pods, Services and Secrets of others, and of a former service of this name, stay as they are.
   */
  WHAT_IS_FOREIGN_STAYS,
  /** A record is deleted only when it is over and its author asked for that. */
  A_WANTED_RECORD_STAYS,
  PHASES_FOLLOW_THE_ARROWS,
  UPDATED_AT_MOVES_WITH_SOMETHING_ELSE,
  ATTEMPT_AND_GENERATION_NEVER_GO_BACK,
  /** What a Secret brought reaches the process of one attempt. */
  A_SECRET_IS_INJECTED_ONCE,
  /** An agent runs in its own service's sandbox, and in each sandbox one service's ever did. */
  A_SANDBOX_SERVES_ONE_SERVICE,
  /** What a Service leads to is its own service's. */
  A_SERVICE_LEADS_TO_ITS_OWN,
  /** A process id is one that a launcher reported. */
  NO_PROCESS_ID_IS_INVENTED,
  /** No service is ready by the readiness of a launcher that still waits. */
  READY_HAS_AN_AGENT,
  /** Once status says that env was injected, the Secret it came from is deleted. */
  AN_INJECTED_SECRET_IS_GONE,
  /** What the node, the agent and the API server wrote into free texts stays there. */
  NO_ENV_VALUE_IN_SIGHT,
  SAME_INPUT_SAME_OUTPUT,
  /** A few passes over an unchanged world, and nothing more is written. */
  RESTS_WHILE_NOTHING_HAPPENS,
  /** A pass that wrote nothing does not ask for another one at once. */
  NO_PASS_IS_REPEATED_IN_VAIN,
  /** Looking again only when the clocks say so, a service left in peace comes to rest. */
  COMES_TO_REST,
  /** It then is in a phase that its author's last wish explains. */
  ENDS_AS_WISHED,
  /** One that is ready says which process its agent is, however often that was restarted. */
  STATUS_KNOWS_THE_PROCESS,
  /** One that is over has no pod and no transient Secret. */
  NOTHING_IS_LEFT_BEHIND,
  /** Whatever happened: with all it needs, a restart makes it ready. */
  A_RESTART_MENDS_IT;

  /**
   * The arrows of the life cycle. Beside those of the picture in the design: whatever its text says
   * of lost pods (they go through unhealthy also while starting, and come back by starting), of
   * agents that complete, of what ended and is wanted again, and that nothing has to be stopped
   * where no pod is.
   */
  private static final Map<Phase, Set<Phase>> ARROWS =
      new EnumMap<>(
          Map.of(
              Phase.STARTING,
              EnumSet.of(Phase.READY, Phase.UNHEALTHY, Phase.STOPPING, Phase.STOPPED, Phase.FAILED),
              Phase.READY,
              EnumSet.of(Phase.UNHEALTHY, Phase.STOPPING, Phase.STOPPED, Phase.FAILED),
              Phase.UNHEALTHY,
              EnumSet.of(Phase.READY, Phase.STARTING, Phase.STOPPING, Phase.STOPPED, Phase.FAILED),
              Phase.STOPPING,
              EnumSet.of(Phase.STOPPED, Phase.STARTING, Phase.FAILED),
              Phase.STOPPED,
              EnumSet.of(Phase.STARTING, Phase.STOPPING, Phase.FAILED),
              Phase.FAILED,
              EnumSet.of(Phase.STARTING, Phase.STOPPING)));

  /** A law was broken. */
  static final class Broken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final WalkLaw law;

    Broken(WalkLaw law, String how) {
      super(law + ": " + how);
      this.law = law;
    }
  }

  /** Else this law is broken, and {@code how} is said of it. */
  void holds(boolean condition, Object... how) {
    if (!condition) {
      throw new Broken(this, Stream.of(how).map(String::valueOf).collect(Collectors.joining(" ")));
    }
  }

  /** What must be so in every world. */
  static void check(WalkWorld world) {
    var pods =
        world.pods().values().stream()
            .filter(WalkWorld::isOurKind)
            .filter(pod -> !world.late().contains(pod.getMetadata().getUid()))
            .map(pod -> pod.getMetadata().getName())
            .toList();
    AT_MOST_ONE_SANDBOX.holds(pods.size() <= 1, "there are", pods);
    NO_MORE_THAN_MAX_SERVICES_LIVE.holds(
        !world.capped() || !world.siblingLives() || !lives(world),
        "beside another lives",
        world.service());
    world
        .injected()
        .forEach(
            (secret, injected) ->
                A_SECRET_IS_INJECTED_ONCE.holds(
                    injected.size() <= 1, "Secret", secret, "reached", injected));
    world.pods().values().forEach(pod -> checkOwner(world, pod));
  }

  private static void checkOwner(WalkWorld world, Pod pod) {
    var uid = pod.getMetadata().getUid();
    var launcher = world.launchers().get(uid);
    A_SANDBOX_SERVES_ONE_SERVICE.holds(
        launcher == null || WalkPool.isOf(launcher.serviceUid(), pod),
        "in",
        pod.getMetadata().getName(),
        "runs the agent of",
        launcher);
    for (var front : world.fronts().values()) {
      var leads =
          world.endpoints().getOrDefault(front.getMetadata().getUid(), Set.of()).contains(uid);
      A_SERVICE_LEADS_TO_ITS_OWN.holds(
          !leads
              || front.getMetadata().getOwnerReferences().stream()
                  .allMatch(owner -> WalkPool.isOf(owner.getUid(), pod)),
          front.getMetadata().getName(),
          "leads to",
          pod.getMetadata().getName());
    }
  }

  /** Whether the sandbox of its current attempt is there to stay. */
  private static boolean lives(WalkWorld world) {
    var service = world.service();
    var current = service == null ? null : ServiceNames.currentSandbox(service);
    var pod = current == null ? null : world.pods().get(current);
    return pod != null
        && WalkPool.isOf(service.getMetadata().getUid(), pod)
        && pod.getMetadata().getDeletionTimestamp() == null
        && service.getStatus().phase() != Phase.STOPPED
        && service.getStatus().phase() != Phase.FAILED;
  }

  /** What a write of the operator's, which knows {@code service}, must obey. */
  static void check(WalkWorld before, WalkWorld after, AgentService service) {
    var uid = service.getMetadata().getUid();
    before.pods().forEach((name, pod) -> staysIfForeign(uid, pod, after.pods().get(name)));
    before.fronts().forEach((name, front) -> staysIfForeign(uid, front, after.fronts().get(name)));
    before
        .secrets()
        .forEach(
            (name, secret) ->
                WHAT_IS_FOREIGN_STAYS.holds(
                    WalkEyes.isUsable(secret, service) || secret.equals(after.secrets().get(name)),
                    "Secret",
                    name,
                    "was changed or deleted"));
    before
        .launchers()
        .forEach(
            (pod, launcher) ->
                A_SANDBOX_SERVES_ONE_SERVICE.holds(
                    launcher.attempt().equals(after.launchers().get(pod).attempt()),
                    "after",
                    launcher,
                    "it runs",
                    after.launchers().get(pod)));
    if (after.service() == null && before.service() != null) {
      checkDeleted(before);
    } else if (!Objects.equals(after.service(), before.service())) {
      check(before.service().getStatus(), after.service().getStatus());
      checkInjected(after);
      checkProcess(before.service().getStatus(), after);
    }
  }

  private static void staysIfForeign(String uid, HasMetadata before, HasMetadata after) {
    var taken = WalkPool.isFree(before) && after != null && WalkPool.isOf(uid, after);
    WHAT_IS_FOREIGN_STAYS.holds(
        WalkPool.isOf(uid, before) || taken || before.equals(after),
        before.getKind(),
        before.getMetadata().getName(),
        "was changed or deleted");
  }

  private static void checkInjected(WalkWorld world) {
    var status = world.service().getStatus();
    var secret =
        status.envSecretName() == null ? null : world.secrets().get(status.envSecretName());
    AN_INJECTED_SECRET_IS_GONE.holds(
        secret == null
            || !world.injected().containsKey(secret.uid())
            || !ConditionWriter.isTrue(status.conditions(), Conditions.ENV_INJECTED),
        "Secret",
        status.envSecretName(),
        "is still there");
  }

  private static void checkProcess(AgentServiceStatus before, WalkWorld world) {
    var status = world.service().getStatus();
    NO_PROCESS_ID_IS_INVENTED.holds(
        status.processId() == null || world.processes().contains(status.processId()),
        "there never was",
        status.processId());
    var pod = status.sandboxId() == null ? null : world.pods().get(status.sandboxId());
    var launched = pod != null && pod.getMetadata().getLabels().containsKey(Names.SUPERVISED_LABEL);
    READY_HAS_AN_AGENT.holds(
        !launched
            || before.phase() == Phase.READY
            || status.phase() != Phase.READY
            || world.launchers().containsKey(pod.getMetadata().getUid()),
        "the launcher in",
        status.sandboxId(),
        "waits");
  }

  private static void checkDeleted(WalkWorld before) {
    var phase = before.service().getStatus().phase();
    A_WANTED_RECORD_STAYS.holds(
        before.service().getSpec().ttlSecondsAfterFinished() != null
            && (phase == Phase.STOPPED || phase == Phase.FAILED),
        "it was",
        phase);
  }

  private static void check(AgentServiceStatus before, AgentServiceStatus after) {
    var begun = !Objects.equals(before.attempt(), after.attempt()) && after.attempt() != null;
    var same = before.phase() == after.phase();
    PHASES_FOLLOW_THE_ARROWS.holds(
        same
            || (begun && after.phase() == Phase.STARTING) // from anywhere: no pod is to be stopped
            || ARROWS.get(before.phase()).contains(after.phase()),
        before.phase(),
        "->",
        after.phase());
    UPDATED_AT_MOVES_WITH_SOMETHING_ELSE.holds(
        !before.withUpdatedAt(null).equals(after.withUpdatedAt(null)),
        "only updatedAt moved, from",
        before.updatedAt(),
        "to",
        after.updatedAt());
    ATTEMPT_AND_GENERATION_NEVER_GO_BACK.holds(
        number(after.attempt()) >= number(before.attempt())
            && after.observedGeneration() >= before.observedGeneration(),
        "from attempt",
        before.attempt(),
        "of generation",
        before.observedGeneration(),
        "to",
        after.attempt(),
        "of",
        after.observedGeneration());
    hidden(after);
  }

  /** What everything computed from one look must obey. */
  static void check(Observation seen) {
    var plan = Plan.next(seen);
    var status = ServiceStatus.of(seen);
    hidden(seen);
    hidden(plan);
    hidden(status);
    hidden(Plan.atTheEnd(seen));
    SAME_INPUT_SAME_OUTPUT.holds(plan.equals(Plan.next(seen)), "two plans:", plan);
    SAME_INPUT_SAME_OUTPUT.holds(status.equals(ServiceStatus.of(seen)), "two statuses:", status);
    var otherOrder = seen.withOthers(seen.others().reversed());
    SAME_INPUT_SAME_OUTPUT.holds(
        status.equals(ServiceStatus.of(otherOrder)), "the order of pods decides:", status);
    SAME_INPUT_SAME_OUTPUT.holds(
        new HashSet<>(plan).equals(new HashSet<>(Plan.next(otherOrder))),
        "the order of pods decides:",
        plan);
  }

  private static void hidden(Object output) {
    NO_ENV_VALUE_IN_SIGHT.holds(!output.toString().contains(WalkWorld.CANARY), "it is in", output);
  }

  private static int number(Integer attempt) {
    return attempt == null ? 0 : attempt;
  }
}
