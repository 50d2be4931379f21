package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * What the operator says of an AgentService. All times are RFC 3339 in UTC.
 *
 * @param attempt counts the starts of this service; written before the attempt's pod is made
 * @param restartId the {@code spec.restartId} that this attempt consumed
 * @param envSecretName the transient Secret that this attempt consumed
 * @param sandboxId the pod's name; null while there is none
 * @param processId the agent's process id as its launcher reported it; never invented
 */
@RecordBuilder
public record AgentServiceStatus(
    Long observedGeneration,
    String id,
    Phase phase,
    String deploymentId,
    String versionId,
    Integer port,
    String idempotencyKey,
    Integer attempt,
    String attemptStartedAt,
    String restartId,
    String envSecretName,
    String sandboxId,
    Long processId,
    String publicUrl,
    ReadinessStatus readinessStatus,
    String failureReason,
    String startedAt,
    String stoppedAt,
    String createdAt,
    String updatedAt,
    List<Condition> conditions)
    implements AgentServiceStatusBuilder.With {}
