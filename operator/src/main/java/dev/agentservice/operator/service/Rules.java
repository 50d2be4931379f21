package dev.agentservice.operator.service;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why a service is in the phase it is in. Asked from the top; the first rule with an answer
 * decides. First comes what its author wants, then the sandbox, then the agent in it.
 */
final class Rules {

  private static final List<Function<Observation, Optional<Verdict>>> RULES =
      List.of(
          IntentRules::alreadyOver,
          IntentRules::stoppedOnPurpose,
          IntentRules::startRefused,
          IntentRules::startWaits,
          IntentRules::startBegins,
          SandboxRules::deploymentDeleted,
          SandboxRules::nameTaken,
          SandboxRules::writeRefused,
          SandboxRules::sandboxMissing,
          SandboxRules::sandboxLeaving,
          SandboxRules::nodeLost,
          AgentRules::agentExited,
          AgentRules::agentRestarting,
          AgentRules::agentNotRunning,
          AgentRules::launcherRefuses,
          AgentRules::launcherWaits,
          AgentRules::agentRunning);

  private Rules() {}

  static Verdict verdict(Observation seen) {
    return RULES.stream()
        .flatMap(rule -> rule.apply(seen).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no rule speaks of " + seen.sandbox()));
  }
}
