package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * Makes passes as {@link AgentServiceReconciler} does, with the real rules, plan, status and
 * clocks; its writes are answered as {@link Hands} would be by an API server.
 */
final class WalkOperator {

  private final Walk walk;
  private final WalkEyes eyes = new WalkEyes(this);
  private final Map<WalkCache, WalkWorld> caches = new EnumMap<>(WalkCache.class);
  private final Set<String> listening = new TreeSet<>();
  private AdmissionLedger admissions = newLedger();
  private Optional<Duration> nextLook = Optional.of(Duration.ZERO);
  private WalkPass pass = WalkPass.PLAIN;
  private StringJoiner writes = new StringJoiner(", ");
  private int writesBegun;

  WalkOperator(Walk walk) {
    this.walk = walk;
    refresh();
  }

  WalkOperator(Walk walk, WalkOperator other) {
    this.walk = walk;
    caches.putAll(other.caches);
    listening.addAll(other.listening);
    nextLook = other.nextLook;
  }

  /** The operator is gone; the next one begins with fresh caches. */
  private static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The API server says no, and the pass is made again later. */
  static final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  WalkWorld world() {
    return walk.world();
  }

  WalkWorld cached(WalkCache cache) {
    return caches.get(cache);
  }

  /** What it wrote itself it sees, however late the caches are. */
  void sees(WalkCache cache) {
    caches.put(cache, world());
  }

  /** When it wants to look again if nothing happens. */
  Optional<Duration> nextLook() {
    return nextLook;
  }

  /** Makes a pass; {@link #lastPass} tells of it, also where a law was broken by it. */
  void pass(WalkPass how) {
    pass = how;
    writesBegun = 0;
    writes = new StringJoiner(", ");
    for (var cache : WalkCache.values()) {
      if (!how.lags().contains(cache)) {
        caches.put(cache, world());
      }
    }
    nextLook = Optional.of(Duration.ZERO);
    try {
      pass();
    } catch (Died e) {
      listening.clear();
      admissions = newLedger();
      refresh();
    } catch (Conflict e) {
      writes.add("conflict");
    }
  }

  AdmissionLedger admissions() {
    return admissions;
  }

  private AdmissionLedger newLedger() {
    return new AdmissionLedger(new WalkSiblings(this));
  }

  String lastPass() {
    return pass + ": " + (writes.length() == 0 ? "nothing to write" : writes);
  }

  /** Hears what the launcher in that pod says, now and from now on. */
  Heard listens(String podUid) {
    listening.add(podUid);
    return word(podUid);
  }

  private Heard word(String podUid) {
    var launcher = world().launchers().get(podUid);
    return listening.contains(podUid) && launcher != null
        ? new Heard.Agent(
            launcher.processId(),
            launcher.serving(),
            launcher.restarts(),
            launcher.restarts() > 0 ? 1 : null)
        : new Heard.Nothing();
  }

  /** As {@link Gatherer} remembers and forgets. */
  Heard heard(AgentServiceStatus status, Sandbox sandbox) {
    if (!(sandbox instanceof Sandbox.Present present)) {
      return new Heard.Nothing();
    }
    var uid = present.pod().uid();
    var stopped = sandbox instanceof Sandbox.Running(_, boolean ready) && !ready;
    if (status.phase() == Phase.READY || (status.phase() == Phase.UNHEALTHY && stopped)) {
      listening.remove(uid);
    }
    return word(uid);
  }

  private void refresh() {
    for (var cache : WalkCache.values()) {
      caches.put(cache, world());
    }
  }

  private void pass() {
    var service = cached(WalkCache.SERVICE).service();
    if (service == null) {
      nextLook = Optional.empty();
      return;
    }
    var seen = look(eyes.look(service));
    var hands = new WalkHands(walk, this, pass.answer());
    seen = act(Plan.next(seen), seen, hands);
    seen = act(Plan.onTheLaunchersWord(seen), seen, hands);
    seen = act(Plan.atTheEnd(seen), seen, hands);
    var status = ServiceStatus.of(seen);
    if (!status.equals(seen.service().getStatus())) {
      begin(status.phase().word() + " " + status.readinessStatus().reason());
      hands.write(seen.service(), status);
    }
    admissions.settle(seen.service());
    nextLook = Clocks.untilNextLook(seen, Rules.verdict(seen));
  }

  private Observation act(List<Action> actions, Observation before, WalkHands hands) {
    var seen = before;
    for (var action : actions) {
      begin(words(action));
      seen = look(hands.apply(action, seen));
      if (seen.sandbox() instanceof Sandbox.Missed
          || seen.refusal().flatMap(Refusal::hindrance).isPresent()) {
        break;
      }
    }
    return seen;
  }

  private static Observation look(Observation seen) {
    WalkLaw.check(seen);
    return seen;
  }

  private void begin(String write) {
    writesBegun++;
    pass.meanwhile().filter(it -> it.before() == writesBegun).ifPresent(it -> it.take(walk));
    if (writesBegun == pass.diesBefore()) {
      writes.add("dies");
      throw new Died();
    }
    writes.add(write);
  }

  private static String words(Action action) {
    return switch (action) {
      case Action.BeginAttempt(AgentServiceStatus status) -> "BeginAttempt " + status.attempt();
      case Action.CreateSandbox(Pod pod) -> "CreateSandbox " + pod.getMetadata().getName();
      case Action.RemoveSandbox(String name, String _) -> "RemoveSandbox " + name;
      case Action.OwnSecret(String name, String _) -> "OwnSecret " + name;
      case Action.ForgetSecret(String name) -> "ForgetSecret " + name;
      case Action.TakeSandbox(Warm.Free pod) -> "TakeSandbox " + pod.name();
      case Action.DeliverEnv(String pod, String _) -> "DeliverEnv " + pod;
      case Action.AskLauncher(String pod, String _) -> "AskLauncher " + pod;
      case Action.RecordProcess(AgentServiceStatus status) -> "RecordProcess " + status.processId();
      case Action.IsolateNamespace _,
          Action.CreateFront _,
          Action.PointFront _,
          Action.LabelSandbox _,
          Action.PutRoute _,
          Action.RemoveRoute _,
          Action.DeleteRecord _ ->
          action.getClass().getSimpleName();
    };
  }
}
