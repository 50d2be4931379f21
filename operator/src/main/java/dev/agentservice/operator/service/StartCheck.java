package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.EnvPolicy;
import dev.agentservice.v1alpha1.Names;
import java.util.Set;
import java.util.TreeSet;

/** Whether a wanted start has what it needs. Asked by the rules and by the plan alike. */
sealed interface StartCheck {

  /** All is there. */
  record Go(Recipe.Found recipe) implements StartCheck {}

  /** Something is missing that may yet come. */
  record Wait(Reason reason, String subject) implements StartCheck {}

  /** Something is wrong that time cannot mend. */
  record Never(Reason reason, String subject) implements StartCheck {}

  static StartCheck of(Observation seen) {
    if (IdempotencyKey.isInvalid(seen.service())) {
      return new Never(Reason.IDEMPOTENCY_KEY_INVALID, Names.IDEMPOTENCY_KEY_ANNOTATION);
    }
    if (seen.admission() instanceof Admission.Duplicate(String winner, _)) {
      return new Never(Reason.DUPLICATE_IDEMPOTENCY_KEY, winner);
    }
    if (seen.recipe() instanceof Recipe.Unavailable(Reason reason, String subject)) {
      return lacking(reason, subject);
    }
    if (seen.admission() instanceof Admission.Full) {
      return new Wait(Reason.MAX_SERVICES_REACHED, seen.spec().deployment());
    }
    var recipe = (Recipe.Found) seen.recipe();
    var brought = new TreeSet<String>();
    for (var source : seen.lastingSources()) {
      if (source.missing() != null) {
        return lacking(source.missing(), source.subject());
      }
      if (!source.unusable().isEmpty()) {
        return invalid(source.unusable());
      }
      brought.addAll(source.names());
    }
    switch (seen.transientSecret()) {
      case TransientSecret.None _, TransientSecret.NotRead _, TransientSecret.Forgotten _ -> {}
      case TransientSecret.Absent(String name) -> {
        return consumed(seen, name)
            ? new Never(Reason.ENV_SECRET_CONSUMED, name)
            : new Wait(Reason.ENV_SECRET_NOT_FOUND, name);
      }
      case TransientSecret.Refused(String name) -> {
        return new Wait(Reason.ENV_SOURCE_REFUSED, "Secret " + name);
      }
      case TransientSecret.Invalid(String name) -> {
        return new Never(Reason.ENV_SECRET_INVALID, name);
      }
      case TransientSecret.Present secret -> {
        if (consumed(seen, secret.name())) {
          return new Never(Reason.ENV_SECRET_CONSUMED, secret.name());
        }
        if (!secret.unusable().isEmpty()) {
          return invalid(secret.unusable());
        }
        brought.addAll(secret.names());
      }
    }
    if (seen.refusal().map(Refusal::action).orElse(null)
        instanceof Action.OwnSecret(String name, _)) {
      return new Wait(Reason.ENV_SOURCE_REFUSED, "Secret " + name);
    }
    return EnvPolicy.refusal(recipe.template(), brought)
        .<StartCheck>map(
            refusal -> new Never(reason(refusal.fault()), String.join(", ", refusal.names())))
        .orElse(new Go(recipe));
  }

  /** A start that time cannot mend is given up at once, one that waits beside an agent in time. */
  static boolean isGivenUp(Observation seen) {
    return Intent.of(seen.service()) == Intent.START
        && switch (of(seen)) {
          case Never _ -> true;
          case Wait _ -> seen.hasLiveAgent() && Clocks.waitIsLate(seen);
          case Go _ -> false;
        };
  }

  private static Reason reason(EnvPolicy.Fault fault) {
    return switch (fault) {
      case NOT_ALLOWED -> Reason.ENV_NOT_ALLOWED;
      case MISSING -> Reason.ENV_MISSING;
    };
  }

  private static StartCheck invalid(Set<String> names) {
    return new Never(Reason.ENV_INVALID, String.join(", ", new TreeSet<>(names)));
  }

  private static StartCheck lacking(Reason reason, String subject) {
    return reason.endsOnlyByRestart() ? new Never(reason, subject) : new Wait(reason, subject);
  }

  private static boolean consumed(Observation seen, String secretName) {
    return seen.wasStarted()
        && secretName.equals(seen.status().envSecretName())
        && !seen.awaitsDelivery();
  }
}
