package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.v1alpha1.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What to do about a service now: an ordered list of writes, none of them done here. */
final class Plan {

  private Plan() {}

  static List<Action> next(Observation seen) {
    var verdict = Rules.verdict(seen);
    return Stream.of(
            label(seen).stream().toList(),
            PublicUrl.close(seen, verdict),
            forgetInjected(seen, verdict).stream().toList(),
            next(seen, verdict),
            PublicUrl.open(seen, verdict))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Action> next(Observation seen, Verdict verdict) {
    if (verdict.isOver() || verdict.phase() == Phase.STOPPING) {
      return release(seen, verdict);
    }
    return switch (Intent.of(seen.service())) {
      case START -> startOrWait(seen, verdict);
      case KEEP -> keep(seen, verdict);
      case STOP, REST -> List.of();
    };
  }

  /**
   * What to do once a launcher has answered. That it started the agent is written before the Secret
   * goes: an operator that dies in between asks again. One that will not start it is of no use, and
   * its sandbox is replaced.
   */
  static List<Action> onTheLaunchersWord(Observation seen) {
    if (Intent.of(seen.service()) != Intent.KEEP
        || !(seen.sandbox() instanceof Sandbox.Running running)) {
      return List.of();
    }
    if (seen.heard() instanceof Heard.Refused) {
      return remove(List.of(running));
    }
    return seen.consumesSecret() && !seen.envArrived() && seen.processId().isPresent()
        ? List.of(
            new Action.RecordProcess(ServiceStatus.withProcess(seen)),
            new Action.ForgetSecret(seen.status().envSecretName()))
        : List.of();
  }

  /**
   * What to do before it is written that this service is over, or a start given up: nothing may
   * stay of the Secret that it consumed, nor of the one that was brought for nothing.
   */
  static List<Action> atTheEnd(Observation seen) {
    var named = seen.spec().envSecret();
    return Stream.of(
            releaseIsDue(seen, Rules.verdict(seen)) ? seen.status().envSecretName() : null,
            named != null && isBroughtForNothing(seen) && !isNeeded(seen, named.name())
                ? named.name()
                : null)
        .filter(Objects::nonNull)
        .distinct()
        .<Action>map(Action.ForgetSecret::new)
        .toList();
  }

  /** Whether no start that is wanted or may yet be wanted by itself is going to consume it. */
  private static boolean isBroughtForNothing(Observation seen) {
    return StartCheck.isGivenUp(seen)
        || (releaseIsDue(seen, Rules.verdict(seen))
            && Intent.of(ServiceStatus.withStatus(seen.service(), ServiceStatus.of(seen)))
                != Intent.START);
  }

  /** By the service that won, or by the agent of this one, which has not been started yet. */
  private static boolean isNeeded(Observation seen, String secret) {
    var isTheWinners =
        seen.admission() instanceof Admission.Duplicate(_, boolean sharesSecret) && sharesSecret;
    return isTheWinners
        || (secret.equals(seen.status().envSecretName())
            && seen.hasLiveAgent()
            && !seen.envArrived());
  }

  private static List<Action> startOrWait(Observation seen, Verdict verdict) {
    if (seen.sandbox() instanceof Sandbox.Former) {
      return List.of();
    }
    if (StartCheck.of(seen) instanceof StartCheck.Go(Recipe.Found recipe)) {
      return start(seen, recipe);
    }
    return seen.hasLiveAgent()
        ? keep(seen, verdict)
        : Stream.concat(ownWaitingSecret(seen).stream(), removeAll(seen).stream()).toList();
  }

  /**
   * The record stays; the sandbox goes, and what is left of its Secret. That it is over is written
   * first: the sandbox that proves why is still there if the operator dies in between.
   */
  private static List<Action> release(Observation seen, Verdict verdict) {
    if (releaseIsDue(seen, verdict)) {
      return List.of();
    }
    if (verdict.isOver() && Expiry.isDue(seen)) {
      return List.of(new Action.DeleteRecord());
    }
    return Stream.concat(removeAll(seen).stream(), sweep(seen).stream()).toList();
  }

  /** Whether this pass ends the service, so that the next one releases what it had. */
  static boolean releaseIsDue(Observation seen, Verdict verdict) {
    return verdict.isOver() && seen.status().phase() != verdict.phase();
  }

  /** Whether a lost sandbox is to be replaced by a new attempt that nobody has to ask for. */
  static boolean recoveryIsOwed(Observation seen, Verdict verdict) {
    return verdict.phase() == Phase.UNHEALTHY
        && seen.sandbox() instanceof Sandbox.Absent
        && Intent.of(seen.service()) == Intent.KEEP
        && StartCheck.of(seen) instanceof StartCheck.Go
        && seen.others().isEmpty();
  }

  private static List<Action> start(Observation seen, Recipe.Found recipe) {
    var actions = new ArrayList<Action>();
    ownSecret(seen).ifPresent(actions::add);
    formerSecret(seen).ifPresent(actions::add);
    var begun = seen.withService(ServiceStatus.begun(seen, recipe));
    actions.add(new Action.BeginAttempt(begun.service().getStatus()));
    isolate(seen).ifPresent(actions::add);
    if (seen.warm() instanceof Warm.Free free) {
      actions.addAll(take(begun, free));
    } else {
      actions.add(new Action.CreateSandbox(AttemptPod.of(begun, recipe)));
      frontFor(begun).ifPresent(actions::add);
    }
    return actions;
  }

  /**
   * The Service comes before the env: it selects what is Ready already, and takes as long. It comes
   * after the taking, or it could lead to what another service got.
   */
  private static List<Action> take(Observation seen, Warm.Free free) {
    var actions = new ArrayList<Action>();
    actions.add(new Action.TakeSandbox(free));
    frontFor(seen).ifPresent(actions::add);
    actions.add(new Action.DeliverEnv(free.name(), free.uid()));
    return actions;
  }

  private static List<Action> keep(Observation seen, Verdict verdict) {
    if (recoveryIsOwed(seen, verdict)) {
      return Recovery.dueAt(seen).isAfter(seen.now())
          ? List.of()
          : start(seen, (Recipe.Found) seen.recipe());
    }
    var podIsOver =
        seen.sandbox() instanceof Sandbox.Ended || seen.sandbox() instanceof Sandbox.Orphaned;
    if (verdict.phase() == Phase.UNHEALTHY && podIsOver) {
      return removeAll(seen);
    }
    var actions = new ArrayList<>(remove(seen.others()));
    isolate(seen).ifPresent(actions::add);
    if (seen.sandbox() instanceof Sandbox.Missed) {
      return actions; // status has to say so first: then one is made
    }
    if (seen.sandbox() instanceof Sandbox.Untaken(Warm.Free free)) {
      if (StartCheck.of(seen) instanceof StartCheck.Go) {
        ownSecret(seen).ifPresent(actions::add);
        actions.addAll(take(seen, free));
      }
      return actions;
    }
    if (seen.recipe() instanceof Recipe.Found recipe && sandboxIsOwed(seen)) {
      ownSecret(seen).ifPresent(actions::add);
      actions.add(new Action.CreateSandbox(AttemptPod.of(seen, recipe)));
    }
    frontFor(seen).ifPresent(actions::add);
    if (Intent.of(seen.service()) == Intent.KEEP) {
      speakToLauncher(seen).ifPresent(actions::add);
    }
    actions.addAll(sweep(seen));
    return actions;
  }

  /** Last, for it takes the longest: meanwhile others make endpoints of the Service. */
  private static Optional<Action> speakToLauncher(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Running(Sandbox.PodFacts pod, _))) {
      return Optional.empty();
    }
    if (seen.launcherWaits()) {
      return StartCheck.of(seen) instanceof StartCheck.Go
          ? Optional.of(new Action.DeliverEnv(pod.name(), pod.uid()))
          : Optional.empty();
    }
    return seen.launcherIsToBeAsked()
        ? Optional.of(new Action.AskLauncher(pod.name(), pod.uid()))
        : Optional.empty();
  }

  private static Optional<Action> label(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Present present)) {
      return Optional.empty();
    }
    var pod = present.pod();
    var kept = ServiceNames.kept(seen.service());
    return pod.labels().entrySet().containsAll(kept.entrySet())
        ? Optional.empty()
        : Optional.of(new Action.LabelSandbox(pod.name(), pod.uid(), kept));
  }

  private static Optional<Action> isolate(Observation seen) {
    return seen.isolation().map(Action.IsolateNamespace::new);
  }

  /** A late copy of the Secret, by a writer that was slower than its service. */
  private static List<Action> sweep(Observation seen) {
    return seen.consumesSecret() && Clocks.sweepIsDue(seen)
        ? List.of(new Action.ForgetSecret(seen.status().envSecretName()))
        : List.of();
  }

  /**
   * The former attempt's Secret: a restart may have come before its process did, or a late copy of
   * it after. The new attempt's status forgets its name.
   */
  private static Optional<Action> formerSecret(Observation seen) {
    var former = seen.status().envSecretName();
    var named = seen.spec().envSecret() == null ? null : seen.spec().envSecret().name();
    return former == null || former.equals(named) || isConsumedAgain(seen, former)
        ? Optional.empty()
        : Optional.of(new Action.ForgetSecret(former));
  }

  /** No launcher ever handed it over: the next attempt's will. */
  private static boolean isConsumedAgain(Observation seen, String secret) {
    return seen.transientSecret() instanceof TransientSecret.Present present
        && present.name().equals(secret);
  }

  /** One that is there while something else is missing: owned, it cannot outlive the service. */
  private static Optional<Action> ownWaitingSecret(Observation seen) {
    return seen.recipe() instanceof Recipe.Found ? ownSecret(seen) : Optional.empty();
  }

  private static Optional<Action> ownSecret(Observation seen) {
    return seen.transientSecret() instanceof TransientSecret.Present secret && !secret.owned()
        ? Optional.of(new Action.OwnSecret(secret.name(), secret.resourceVersion()))
        : Optional.empty();
  }

  /** The attempt was written down, but its pod was never made. */
  private static boolean sandboxIsOwed(Observation seen) {
    var neverMade = seen.status().phase() == Phase.STARTING && seen.status().sandboxId() == null;
    return switch (seen.sandbox()) {
      case Sandbox.Absent _, Sandbox.Former _ ->
          neverMade && seen.others().isEmpty() && secretIsThere(seen);
      default -> false;
    };
  }

  private static boolean secretIsThere(Observation seen) {
    return !seen.consumesSecret() || seen.transientSecret() instanceof TransientSecret.Present;
  }

  /**
   * The status of this pass will say that env reached the process: before anything else can be
   * refused and end the pass, the Secret goes. What ends forgets it anyway, and what is over if
   * that was refused.
   */
  private static Optional<Action> forgetInjected(Observation seen, Verdict verdict) {
    var isDone = seen.envArrived() || (verdict.isOver() && Conditions.secretIsLeft(seen.status()));
    var isThere =
        seen.consumesSecret()
            && !(seen.transientSecret() instanceof TransientSecret.Forgotten)
            && !ConditionWriter.isTrue(seen.status().conditions(), Conditions.ENV_INJECTED);
    return isDone && isThere && !releaseIsDue(seen, verdict)
        ? Optional.of(new Action.ForgetSecret(seen.status().envSecretName()))
        : Optional.empty();
  }

  private static Optional<Action> frontFor(Observation seen) {
    var front = FrontService.of(seen);
    return switch (seen.front()) {
      case Front.Absent _, Front.Former _ -> Optional.of(new Action.CreateFront(front));
      case Front.Present there
          when there.attempt() != seen.attempt() || there.port() != seen.status().port() ->
          Optional.of(new Action.PointFront(front));
      case Front.Present _, Front.Foreign _ -> Optional.empty();
    };
  }

  private static List<Action> removeAll(Observation seen) {
    var pods = new ArrayList<>(seen.others());
    if (seen.sandbox() instanceof Sandbox.Present present) {
      pods.add(present);
    }
    return remove(pods);
  }

  /** Deletes what is not being deleted already. */
  private static List<Action> remove(List<Sandbox.Present> pods) {
    return pods.stream()
        .filter(pod -> !(pod instanceof Sandbox.Leaving))
        .<Action>map(pod -> new Action.RemoveSandbox(pod.pod().name(), pod.pod().uid()))
        .toList();
  }
}
