package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.v1alpha1.Phase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What one look at a service must lead to in every situation there is: all combinations of what can
 * be seen, tens of thousands. What holds from look to look is in {@link ServiceWalkTest}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EverySituationTest {

  private List<Named> situations;

  private record Named(String name, Situation situation) {}

  @BeforeAll
  void combine() {
    situations =
        cross(
                phases(),
                launchers(),
                Map.of(
                    "running", Situation::run,
                    "stop", Situation::stop,
                    "restart", Situation::restart),
                Map.of(
                    "always", UnaryOperator.identity(),
                    "never", Situation::never,
                    "deployment gone", Situation::deploymentDeleted),
                sandboxes(),
                Map.of("no other pod", UnaryOperator.identity(), "older pod", Situation::olderPod),
                Map.of("front", UnaryOperator.identity(), "no front", Situation::frontGone),
                secrets(),
                Map.of("early", s -> s.at(10), "late", s -> s.at(1_000)))
            .map(named -> new Named(named.name, asGathered(named.situation)))
            .filter(EverySituationTest::canBe)
            .toList();
    assertThat(situations).hasSizeGreaterThan(10_000);
  }

  @Test
  void hasAVerdictAndAPlan() {
    check(
        named -> {
          Rules.verdict(named.situation.seen());
          Plan.next(named.situation.seen());
          Plan.onTheLaunchersWord(named.situation.seen());
          ServiceStatus.of(named.situation.seen());
          Clocks.untilNextLook(named.situation.seen(), Rules.verdict(named.situation.seen()));
          return null;
        });
  }

  @Test
  void neverCreatesASandboxBesideAnother() {
    check(
        named -> {
          var seen = named.situation.seen();
          var present = seen.sandbox() instanceof Sandbox.Present || !seen.others().isEmpty();
          var creates = Plan.next(seen).stream().anyMatch(Action.CreateSandbox.class::isInstance);
          return present && creates ? "creates a second pod" : null;
        });
  }

  @Test
  void writesTheAttemptBeforeItsPod() {
    check(
        named -> {
          var plan = named.situation.plan();
          var begin = indexOf(plan, "BeginAttempt");
          var create = indexOf(plan, "CreateSandbox");
          var own = indexOf(plan, "OwnSecret");
          return begin < 0 || (own < begin && begin < create) ? null : plan.toString();
        });
  }

  @Test
  void removesOnlyWhatIsOursAndNotLeaving() {
    check(
        named -> {
          var seen = named.situation.seen();
          var removable =
              Stream.concat(seen.others().stream(), Stream.of(seen.sandbox()))
                  .filter(
                      pod -> pod instanceof Sandbox.Present && !(pod instanceof Sandbox.Leaving))
                  .map(pod -> ((Sandbox.Present) pod).pod().uid())
                  .toList();
          return Plan.next(seen).stream()
                  .filter(Action.RemoveSandbox.class::isInstance)
                  .map(action -> ((Action.RemoveSandbox) action).uid())
                  .allMatch(removable::contains)
              ? null
              : "removes " + named.situation.plan();
        });
  }

  // ---- the combinations

  private static Map<String, UnaryOperator<Situation>> phases() {
    var phases = new LinkedHashMap<String, UnaryOperator<Situation>>();
    phases.put("applied", _ -> Situation.applied());
    phases.put("never started", _ -> Situation.neverStarted(Reason.DEPLOYMENT_NOT_FOUND));
    phases.put("owed", _ -> Situation.owed());
    phases.put("starting", _ -> Situation.starting());
    phases.put("ready", _ -> Situation.ready());
    phases.put("unhealthy", _ -> Situation.unhealthy());
    phases.put("lost thrice", _ -> Situation.unhealthy().recoveries(3));
    phases.put("stopping", _ -> Situation.stopping());
    phases.put("stopped", _ -> Situation.stopped());
    phases.put("completed", _ -> Situation.completed());
    phases.put("failed", _ -> Situation.failed(Reason.EXITED));
    return phases;
  }

  private static Map<String, UnaryOperator<Situation>> launchers() {
    var launchers = new LinkedHashMap<String, UnaryOperator<Situation>>();
    launchers.put("direct", UnaryOperator.identity());
    launchers.put("launcher waits", s -> begunOnce(s) ? s.launched() : s);
    launchers.put("launcher told", s -> begunOnce(s) ? s.launched().process(7) : s);
    return launchers;
  }

  private static Map<String, UnaryOperator<Situation>> sandboxes() {
    var sandboxes = new LinkedHashMap<String, UnaryOperator<Situation>>();
    sandboxes.put("absent", Situation::gone);
    sandboxes.put("foreign", Situation::foreignPod);
    sandboxes.put("former", Situation::formerPod);
    sandboxes.put("quota", s -> s.gone().podOverQuota());
    sandboxes.put("invalid", s -> s.gone().podRefused(422));
    sandboxes.put("waiting", s -> s.waiting(null));
    sandboxes.put("unschedulable", s -> s.waiting(Reason.UNSCHEDULABLE));
    sandboxes.put("bad image", s -> s.waiting(Reason.INVALID_IMAGE_NAME));
    sandboxes.put("probe fails", Situation::probeFails);
    sandboxes.put("serving", Situation::serving);
    sandboxes.put("agent starts", s -> s.launched().serving().heard(7, false));
    sandboxes.put("launcher refuses", s -> s.launched().serving().heard(new Heard.Refused()));
    sandboxes.put("restarting", s -> s.restarting(1, 1));
    sandboxes.put("crash loop", s -> s.restarting(1, 5));
    sandboxes.put("exited 0", s -> s.exited(0));
    sandboxes.put("exited 1", s -> s.exited(1));
    sandboxes.put("evicted", Situation::evicted);
    sandboxes.put("leaving", Situation::leaving);
    sandboxes.put("node lost", Situation::nodeLost);
    sandboxes.put("node lost, leaving", Situation::nodeLostAndLeaving);
    sandboxes.put("node gone", Situation::nodeGone);
    return sandboxes;
  }

  private static Map<String, UnaryOperator<Situation>> secrets() {
    var secrets = new LinkedHashMap<String, UnaryOperator<Situation>>();
    secrets.put("no env", UnaryOperator.identity());
    secrets.put("env consumed", s -> begunOnce(s) ? s.withTransientEnv().secretAbsent() : s);
    secrets.put("new env there", s -> s.namesSecret("env-2").secretThere("TOKEN"));
    secrets.put("new env absent", s -> s.namesSecret("env-2").secretAbsent());
    return secrets;
  }

  /**
   * Whether a deployment is gone for good is asked only of a service that has nothing else to do.
   */
  private static Situation asGathered(Situation situation) {
    var seen = situation.seen();
    var gone = seen.recipe() instanceof Recipe.Unavailable;
    var keeps = Intent.of(seen.service()) == Intent.KEEP;
    var heard = seen.sandbox() instanceof Sandbox.Running ? seen.heard() : new Heard.Nothing();
    return new Situation(seen.withDeploymentDeleted(gone && keeps).withHeard(heard));
  }

  /**
   * A service that was never started has no pod of its own, and only a pod that is owed meets
   * another's.
   */
  private static boolean canBe(Named named) {
    var seen = named.situation.seen();
    var starts = seen.status().phase() == Phase.STARTING && seen.status().sandboxId() == null;
    return switch (seen.sandbox()) {
      case Sandbox.Absent _ -> seen.wasStarted() || seen.others().isEmpty();
      case Sandbox.Foreign _, Sandbox.Former _ -> seen.wasStarted() && starts;
      case Sandbox.Present _ -> seen.wasStarted();
    };
  }

  private static boolean begunOnce(Situation situation) {
    return situation.seen().wasStarted();
  }

  @SafeVarargs
  private static Stream<Named> cross(Map<String, UnaryOperator<Situation>>... dimensions) {
    var all = Stream.of(new Named("", Situation.applied()));
    for (var dimension : dimensions) {
      all =
          all.flatMap(
              named ->
                  new TreeMap<>(dimension)
                      .entrySet().stream()
                          .map(
                              value ->
                                  new Named(
                                      named.name + " | " + value.getKey(),
                                      value.getValue().apply(named.situation))));
    }
    return all;
  }

  /** Fails with one example of each violation and how many there are. */
  private void check(Function<Named, String> violation) {
    var examples = new TreeMap<String, String>();
    var counts = new TreeMap<String, Integer>();
    for (var named : situations) {
      String found;
      try {
        found = violation.apply(named);
      } catch (RuntimeException e) {
        found = e.toString();
      }
      if (found != null) {
        examples.putIfAbsent(found, named.name);
        counts.merge(found, 1, Integer::sum);
      }
    }
    assertThat(examples)
        .as("violations, each with its first situation; %s in all", counts)
        .isEmpty();
  }

  private static int indexOf(List<String> plan, String kind) {
    for (var at = 0; at < plan.size(); at++) {
      if (plan.get(at).startsWith(kind + " ")) {
        return at;
      }
    }
    return -1;
  }
}
