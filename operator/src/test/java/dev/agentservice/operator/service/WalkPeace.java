package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import java.time.Duration;
import java.util.TreeSet;

/** What becomes of a service to which nothing more happens. */
final class WalkPeace {

  /** More passes than any service needs: one that waits for a place looks every few seconds. */
  private static final int ENOUGH_PASSES = 1_000;

  /** Longer than any clock of a service: where so long nothing was done, nothing will be. */
  private static final Duration LONG = Duration.ofMinutes(11);

  private WalkPeace() {}

  /** A service left in peace rests as its author wished; then everything is mended. */
  static void after(Walk walk) {
    leave(walk);
    if (walk.world().service() == null) {
      return;
    }
    explained(walk.world());
    known(walk.world());
    emptied(walk.world());
    mend(walk);
  }

  /** The same look again and again, while nothing happens at all, not even time. */
  static void whileNothingHappens(Walk walk) {
    var still = walk.copy();
    for (var pass = 0; pass < 6; pass++) {
      var before = still.world();
      still.operator().pass(WalkPass.PLAIN);
      if (still.world().revision() == before.revision()) {
        waits(still);
        return;
      }
    }
    WalkLaw.RESTS_WHILE_NOTHING_HAPPENS.holds(
        false, "again and again", still.operator().lastPass());
  }

  private static void waits(Walk walk) {
    walk.operator()
        .nextLook()
        .ifPresent(
            wait ->
                WalkLaw.NO_PASS_IS_REPEATED_IN_VAIN.holds(
                    wait.isPositive(), "it wrote nothing and looks again at once"));
  }

  /** Nothing happens any more but what nodes and controllers do. */
  static void leave(Walk walk) {
    walk.happens("---- it is left in peace", WalkCluster::calmed);
    var lastChange = walk.world().now();
    for (var pass = 0; pass < ENOUGH_PASSES; pass++) {
      var before = walk.world();
      walk.happens("nodes do their work", WalkCluster::wentOn);
      look(walk);
      var wait = walk.operator().nextLook();
      if (walk.world().revision() != before.revision()) {
        lastChange = walk.world().now();
        continue;
      }
      waits(walk);
      if (wait.isEmpty() || !walk.world().now().isBefore(lastChange.plus(LONG))) {
        return;
      }
      walk.passes(wait.get());
    }
    WalkLaw.COMES_TO_REST.holds(false, "it still writes after", ENOUGH_PASSES, "passes");
  }

  private static void look(Walk walk) {
    var before = walk.world();
    try {
      walk.operator().pass(WalkPass.PLAIN);
    } finally {
      if (walk.world().revision() != before.revision()) {
        walk.tell(walk.operator().lastPass());
      }
    }
  }

  private static void explained(WalkWorld world) {
    var service = world.service();
    var phase = service.getStatus().phase();
    var reason = service.getStatus().readinessStatus().reason();
    var stopped = service.getSpec().desiredState() == DesiredState.STOPPED;
    var wanted =
        switch (phase) {
          case READY -> !stopped;
          case STOPPED -> stopped || reason.equals(Reason.COMPLETED.word());
          case FAILED -> true;
          case UNHEALTHY -> !stopped && nodeCannotRunIt(world);
          case STARTING, STOPPING -> false;
        };
    WalkLaw.ENDS_AS_WISHED.holds(
        wanted
            && service
                .getStatus()
                .observedGeneration()
                .equals(service.getMetadata().getGeneration()),
        "it rests as",
        phase,
        reason,
        "of generation",
        service.getStatus().observedGeneration(),
        "where its spec is",
        service.getMetadata().getGeneration());
  }

  /** It cannot be started again where it is, for what it needs was taken away meanwhile. */
  private static boolean nodeCannotRunIt(WalkWorld world) {
    return world.pods().values().stream()
        .filter(WalkWorld::isOurKind)
        .anyMatch(pod -> !WalkNode.isReady(pod));
  }

  private static void known(WalkWorld world) {
    var status = world.service().getStatus();
    var pod = status.sandboxId() == null ? null : world.pods().get(status.sandboxId());
    var launcher = pod == null ? null : world.launchers().get(pod.getMetadata().getUid());
    WalkLaw.STATUS_KNOWS_THE_PROCESS.holds(
        status.phase() != Phase.READY
            || launcher == null
            || Long.valueOf(launcher.processId()).equals(status.processId()),
        "it says",
        status.processId(),
        "of",
        launcher);
  }

  private static void emptied(WalkWorld world) {
    var phase = world.service().getStatus().phase();
    if (phase != Phase.STOPPED && phase != Phase.FAILED) {
      return;
    }
    var pods = world.pods().values().stream().filter(WalkWorld::isOurKind).count();
    WalkLaw.NOTHING_IS_LEFT_BEHIND.holds(pods == 0, "there are", world.pods().keySet());
    var uid = world.service().getMetadata().getUid();
    var named = nameOfSecret(world.service());
    var kept = new TreeSet<String>();
    world
        .secrets()
        .forEach(
            (name, secret) -> {
              var givenUp = name.equals(named) && Intent.of(world.service()) != Intent.START;
              if (uid.equals(secret.owner())
                  && (world.consumed().contains(secret.uid()) || givenUp)) {
                kept.add(name);
              }
            });
    WalkLaw.NOTHING_IS_LEFT_BEHIND.holds(kept.isEmpty(), "there are", kept);
  }

  private static String nameOfSecret(AgentService service) {
    var named = service.getSpec().envSecret();
    return named == null ? null : named.name();
  }

  /** Two restarts, for the first restartId there ever was restarts nothing. */
  private static void mend(Walk walk) {
    walk.happens("---- everything is mended", WalkCluster::mended);
    for (var restart = 0; restart < 2; restart++) {
      WalkAct.RESTART_WITH_SECRET.take(walk);
      leave(walk);
    }
    var status = walk.world().service().getStatus();
    WalkLaw.A_RESTART_MENDS_IT.holds(
        status.phase() == Phase.READY, "it is", status.phase(), status.readinessStatus().reason());
  }
}
