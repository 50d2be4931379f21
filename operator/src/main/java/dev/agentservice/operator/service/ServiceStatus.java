package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The status that tells what was seen. The same status comes back when nothing worth a write
 * changed.
 */
final class ServiceStatus {

  private ServiceStatus() {}

  /** The status after this pass. */
  static AgentServiceStatus of(Observation seen) {
    var next = compute(seen, Rules.verdict(seen));
    var before = seen.service().getStatus();
    if (before == null) {
      return next.withUpdatedAt(ConditionWriter.rfc3339(seen.now()));
    }
    if (Clocks.secretMayBeOnItsWay(seen)) {
      return before;
    }
    var same = sameBut(next, before);
    var onlySmallSteps =
        next.phase() == Phase.STARTING
            && Clocks.startIsQuiet(seen)
            && Objects.equals(taken(next), taken(before))
            && sameBut(withoutSmallSteps(next), withoutSmallSteps(before));
    return same || onlySmallSteps
        ? before
        : next.withUpdatedAt(ConditionWriter.rfc3339(seen.now()));
  }

  /**
   * The service with a new attempt written into its status: which recipe, which restart and which
   * Secret it consumes. Nothing of that attempt exists yet.
   */
  static AgentService begun(Observation seen, Recipe.Found recipe) {
    var spec = seen.spec();
    var attempt =
        seen.status()
            .withAttempt(seen.attempt() + 1)
            .withAttemptStartedAt(ConditionWriter.rfc3339(seen.now()))
            .withPhase(Phase.STARTING)
            .withDeploymentId(recipe.deployment())
            .withVersionId(recipe.version())
            .withPort(recipe.template().port())
            .withRestartId(spec.restartId() != null ? spec.restartId() : seen.status().restartId())
            .withEnvSecretName(
                seen.transientSecret() instanceof TransientSecret.Present secret
                    ? secret.name()
                    : null)
            .withSandboxId(null)
            .withProcessId(null)
            .withStartedAt(null)
            .withReadinessStatus(
                ReadinessStatusBuilder.builder().recoveries(recoveries(seen)).build())
            .withConditions(
                without(
                    seen.status().conditions(), Conditions.ENV_INJECTED, Conditions.START_PENDING));
    var begun =
        seen.withService(withStatus(seen.service(), attempt))
            .withSandbox(new Sandbox.Absent())
            .withHeard(new Heard.Nothing());
    return withStatus(
        seen.service(),
        compute(begun, Verdict.of(Phase.STARTING, Reason.STARTING))
            .withSandboxId(seen.warm() instanceof Warm.Free free ? free.name() : null)
            .withUpdatedAt(ConditionWriter.rfc3339(seen.now())));
  }

  /** The status as it was, with the process that the launcher started, and nothing else new. */
  static AgentServiceStatus withProcess(Observation seen) {
    return seen.status()
        .withProcessId(seen.processId().orElseThrow())
        .withUpdatedAt(ConditionWriter.rfc3339(seen.now()));
  }

  /**
   * A start that nobody asked for replaces a lost sandbox; one that was asked for counts afresh.
   */
  private static Integer recoveries(Observation seen) {
    return Intent.of(seen.service()) == Intent.KEEP ? Recovery.inARow(seen) + 1 : null;
  }

  private static AgentServiceStatus compute(Observation seen, Verdict verdict) {
    var before = seen.status();
    var metadata = seen.service().getMetadata();
    var pod = podToShow(seen, verdict);
    return AgentServiceStatusBuilder.builder(before)
        .observedGeneration(metadata.getGeneration())
        .id(seen.service().id())
        .phase(verdict.phase())
        .deploymentId(seen.spec().deployment())
        .idempotencyKey(IdempotencyKey.of(seen.service()).orElse(null))
        .restartId(consumedRestart(seen))
        .versionId(before.versionId() != null ? before.versionId() : resolved(seen))
        .port(before.port() != null ? before.port() : resolvedPort(seen))
        .sandboxId(pod.map(Sandbox.PodFacts::name).orElse(toBeTaken(seen)))
        .processId(process(seen, pod))
        .publicUrl(PublicUrl.of(seen, verdict).orElse(null))
        .startedAt(
            before.startedAt() == null && verdict.phase() == Phase.READY
                ? ConditionWriter.rfc3339(seen.now())
                : before.startedAt())
        .stoppedAt(verdict.isOver() ? firstOf(before.stoppedAt(), seen.now()) : null)
        .createdAt(metadata.getCreationTimestamp())
        .readinessStatus(ReadinessDetails.of(seen, verdict, pod))
        .failureReason(failureReason(verdict))
        .conditions(Conditions.of(seen, verdict))
        .updatedAt(before.updatedAt())
        .build();
  }

  /**
   * As long as its sandbox is there, or it is the one proof that a Secret was consumed which has
   * not been deleted yet.
   */
  private static Long process(Observation seen, Optional<Sandbox.PodFacts> pod) {
    var proves =
        seen.consumesSecret()
            && !ConditionWriter.isTrue(seen.status().conditions(), Conditions.ENV_INJECTED);
    return pod.isPresent() || proves ? seen.processId().orElse(null) : null;
  }

  private static String toBeTaken(Observation seen) {
    return seen.sandbox() instanceof Sandbox.Untaken(Warm.Free free) ? free.name() : null;
  }

  private static String resolved(Observation seen) {
    return seen.recipe() instanceof Recipe.Found found ? found.version() : null;
  }

  private static Integer resolvedPort(Observation seen) {
    return seen.recipe() instanceof Recipe.Found found ? found.template().port() : null;
  }

  /** The current attempt's; a former one only while it is what keeps the service from stopping. */
  private static Optional<Sandbox.PodFacts> podToShow(Observation seen, Verdict verdict) {
    if (seen.sandbox() instanceof Sandbox.Present present) {
      return Optional.of(present.pod());
    }
    return verdict.phase() != Phase.STOPPING
        ? Optional.empty()
        : seen.others().stream().map(Sandbox.Present::pod).findFirst();
  }

  private static String failureReason(Verdict verdict) {
    return verdict.phase() == Phase.FAILED || verdict.phase() == Phase.UNHEALTHY
        ? verdict.reason() + ": " + verdict.message()
        : null;
  }

  /**
   * The first restartId ever seen restarts nothing, and one that was given up is not tried again.
   */
  private static String consumedRestart(Observation seen) {
    var consumed = seen.status().restartId();
    var asked = seen.spec().restartId();
    return asked != null && (consumed == null || StartCheck.isGivenUp(seen)) ? asked : consumed;
  }

  private static boolean sameBut(AgentServiceStatus one, AgentServiceStatus other) {
    return Objects.equals(one.withUpdatedAt(null), other.withUpdatedAt(null));
  }

  /** The sandbox that was to be taken: that it was missed is what lets another be made. */
  private static String taken(AgentServiceStatus status) {
    return WarmPod.isName(status.sandboxId()) ? status.sandboxId() : null;
  }

  private static AgentServiceStatus withoutSmallSteps(AgentServiceStatus status) {
    var details = status.readinessStatus();
    return status
        .withSandboxId(null)
        .withProcessId(null) // where it proves something, it is written before
        .withStartedAt(null)
        .withReadinessStatus(
            details == null
                ? null
                : ReadinessStatusBuilder.builder()
                    .reason(details.reason())
                    .message(details.message())
                    .recoveries(details.recoveries())
                    .build())
        .withConditions(without(status.conditions(), Conditions.ENV_INJECTED));
  }

  private static List<Condition> without(List<Condition> conditions, String... types) {
    return conditions == null
        ? null
        : conditions.stream()
            .filter(condition -> !List.of(types).contains(condition.getType()))
            .toList();
  }

  static AgentService withStatus(AgentService service, AgentServiceStatus status) {
    var copy = new AgentService();
    copy.setMetadata(service.getMetadata());
    copy.setSpec(service.getSpec());
    copy.setStatus(status);
    return copy;
  }

  private static String firstOf(String before, Instant now) {
    return before != null ? before : ConditionWriter.rfc3339(now);
  }
}
