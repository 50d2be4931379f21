package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.recipe.Supervised;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A service's conditions: the three of kstatus, and those of its own. */
final class Conditions {

  /** Transient env reached the agent's process, and its Secret was deleted. */
  static final String ENV_INJECTED = "EnvInjected";

  /** Reasons of {@link #ENV_INJECTED}: not yet, done, and done with no late copy left behind. */
  static final String NOT_YET = "NotYet";

  /** As {@link #NOT_YET}, where a launcher hands env over: until then the Secret still has it. */
  static final String NOT_DELIVERED = "NotDelivered";

  static final String INJECTED = "Injected";
  static final String SWEPT = "Swept";

  /** A start was asked for and waits for what its reason names, or was given up. */
  static final String START_PENDING = "StartPending";

  /** A public URL is permitted, and the gateway was not seen to refuse strangers: no route. */
  static final String PUBLIC_URL_UNPROTECTED = "PublicUrlUnprotected";

  /** A public URL is permitted, and its route cannot be made. */
  static final String PUBLIC_URL_REFUSED = "PublicUrlRefused";

  private Conditions() {}

  /** All of them, as they are now. */
  static List<Condition> of(Observation seen, Verdict verdict) {
    var conditions = new ArrayList<Condition>();
    switch (verdict.phase()) {
      case READY -> conditions.add(condition(seen, ConditionWriter.READY, true, verdict));
      case STARTING, STOPPING, UNHEALTHY -> {
        conditions.add(condition(seen, ConditionWriter.READY, false, verdict));
        conditions.add(condition(seen, ConditionWriter.RECONCILING, true, verdict));
      }
      case FAILED -> {
        conditions.add(condition(seen, ConditionWriter.READY, false, verdict));
        conditions.add(condition(seen, ConditionWriter.STALLED, true, verdict));
      }
      case STOPPED -> {}
    }
    envInjected(seen).ifPresent(conditions::add);
    startPending(seen).ifPresent(conditions::add);
    PublicUrl.hindrance(seen, verdict)
        .map(why -> condition(seen, why.condition(), true, why.reason(), why.message()))
        .ifPresent(conditions::add);
    return conditions;
  }

  private static Optional<Condition> envInjected(Observation seen) {
    if (!seen.consumesSecret()) {
      return Optional.empty();
    }
    if (seen.refusal().map(Refusal::action).orElse(null) instanceof Action.ForgetSecret(String name)
        && name.equals(seen.status().envSecretName())) {
      return Optional.of(
          condition(
              seen,
              ENV_INJECTED,
              false,
              Reason.SECRET_NOT_DELETED.word(),
              Reason.SECRET_NOT_DELETED.sentence(name)));
    }
    var before = ConditionWriter.find(seen.status().conditions(), ENV_INJECTED);
    var injectedBefore = before.filter(c -> c.getStatus().equals(ConditionWriter.TRUE)).isPresent();
    if (!injectedBefore && !seen.envArrived()) {
      return Optional.of(
          condition(
              seen,
              ENV_INJECTED,
              false,
              waitsForLauncher(seen, before) ? NOT_DELIVERED : NOT_YET,
              "The agent's process has not been started with its transient env yet."));
    }
    var swept =
        before.filter(c -> c.getReason().equals(SWEPT)).isPresent() || Clocks.sweepIsDue(seen);
    return Optional.of(
        condition(
            seen,
            ENV_INJECTED,
            true,
            swept ? SWEPT : INJECTED,
            "The agent's process was started with its transient env; the Secret is deleted."));
  }

  /** Whether the attempt's Secret could not be deleted yet. */
  static boolean secretIsLeft(AgentServiceStatus status) {
    return ConditionWriter.find(status.conditions(), ENV_INJECTED)
        .filter(injected -> injected.getReason().equals(Reason.SECRET_NOT_DELETED.word()))
        .isPresent();
  }

  /** As its pod is, else as the attempt was begun. */
  private static boolean waitsForLauncher(Observation seen, Optional<Condition> before) {
    if (seen.sandbox() instanceof Sandbox.Present) {
      return seen.sandbox().isSupervised();
    }
    return before.isPresent()
        ? before.get().getReason().equals(NOT_DELIVERED)
        : seen.recipe() instanceof Recipe.Found found
            && Supervised.applies(found.template(), seen.sandboxes().launcherImage());
  }

  /**
   * Says what a wanted start waits for, be it beside a running agent, and since when; or that it
   * was given up.
   */
  private static Optional<Condition> startPending(Observation seen) {
    if (Intent.of(seen.service()) != Intent.START) {
      return ConditionWriter.find(seen.status().conditions(), START_PENDING)
          .filter(pending -> pending.getStatus().equals(ConditionWriter.FALSE));
    }
    return switch (StartCheck.of(seen)) {
      case StartCheck.Go _ -> Optional.empty();
      case StartCheck.Wait(Reason reason, String subject) ->
          Optional.of(
              StartCheck.isGivenUp(seen)
                  ? givenUp(seen, reason, subject)
                  : condition(seen, START_PENDING, true, reason.word(), reason.sentence(subject)));
      case StartCheck.Never(Reason reason, String subject) ->
          seen.hasLiveAgent() ? Optional.of(givenUp(seen, reason, subject)) : Optional.empty();
    };
  }

  private static Condition givenUp(Observation seen, Reason reason, String subject) {
    return condition(
        seen,
        START_PENDING,
        false,
        Reason.RESTART_GIVEN_UP.word(),
        Reason.RESTART_GIVEN_UP.sentence("") + " " + reason.sentence(subject));
  }

  private static Condition condition(
      Observation seen, String type, boolean status, Verdict verdict) {
    return condition(seen, type, status, verdict.reason(), verdict.message());
  }

  private static Condition condition(
      Observation seen, String type, boolean status, String reason, String message) {
    return new ConditionWriter(
            seen.status().conditions(), seen.service().getMetadata().getGeneration(), seen.now())
        .write(type, status, reason, message);
  }
}
