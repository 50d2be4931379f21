package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
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
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentServiceStatus(
    @JsonPropertyDescription(
            "The generation of the spec that this status speaks of; -1 before the first look.")
        @Min(-1)
        Long observedGeneration,
    @JsonPropertyDescription(
            "The service's id in the HTTP API: adsvc_ and 13 base32 digits. Unique in its namespace, never changes.")
        @Size(max = 19)
        @Pattern("^adsvc_[a-z2-7]{13}$")
        String id,
    @JsonPropertyDescription(
            "Where the service is in its life: starting, ready, unhealthy, stopping, stopped or failed.")
        Phase phase,
    @JsonPropertyDescription("The AgentDeployment that is run.")
        @Size(max = Shape.DEPLOYMENT_NAME_LENGTH)
        String deploymentId,
    @JsonPropertyDescription("The AgentVersion that is run, resolved once.")
        @Size(max = Shape.LABEL_LENGTH)
        String versionId,
    @JsonPropertyDescription("The port on which the agent and its Service answer.")
        @Min(1)
        @Max(65535)
        Integer port,
    @JsonPropertyDescription("The annotation agentservice.dev/idempotency-key, as first seen.")
        @Size(max = 255)
        @Pattern(Shape.VISIBLE)
        String idempotencyKey,
    @JsonPropertyDescription("Which start this is, counted from 1.") @Min(0) @Max(Integer.MAX_VALUE)
        Integer attempt,
    @JsonPropertyDescription("When this attempt was begun.") String attemptStartedAt,
    @JsonPropertyDescription("The spec.restartId that this attempt answers.") @Size(max = 255)
        String restartId,
    @JsonPropertyDescription("Name of the transient Secret that this attempt consumed.")
        @Size(max = Shape.SUBDOMAIN_LENGTH)
        String envSecretName,
    @JsonPropertyDescription("Name of the pod the agent runs in; absent while there is none.")
        @Size(max = Shape.SUBDOMAIN_LENGTH)
        String sandboxId,
    @JsonPropertyDescription(
            "The agent's process id in its sandbox, as its launcher reported it; absent without one.")
        @Min(0)
        @Max(4_294_967_295L)
        Long processId,
    @JsonPropertyDescription(
            "Base URL without any token; absent unless ready, permitted and protected.")
        @Size(max = 2048)
        String publicUrl,
    @JsonPropertyDescription(
            "Details of the phase. More keys may come: ignore those you do not know.")
        ReadinessStatus readinessStatus,
    @JsonPropertyDescription("Reason and sentence, while the service is failed or unhealthy.")
        @Size(max = 4096)
        String failureReason,
    @JsonPropertyDescription("When the agent was first ready in this attempt.") String startedAt,
    @JsonPropertyDescription("When the service stopped or failed.") String stoppedAt,
    @JsonPropertyDescription("When the service was created.") String createdAt,
    @JsonPropertyDescription("When something else in this status last changed.") String updatedAt,
    @JsonPropertyDescription(
            "Ready, Reconciling and Stalled as kstatus reads them; EnvInjected, StartPending,"
                + " PublicUrlUnprotected and PublicUrlRefused where there is something to say.")
        @Size(max = 16)
        List<Condition> conditions)
    implements AgentServiceStatusBuilder.With {}
