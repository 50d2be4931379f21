package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Details of the current phase. The set of keys is open: clients ignore what they do not know. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@PreserveUnknownFields
public record ReadinessStatus(
    @JsonPropertyDescription("Why the service is in its phase, in one word.") @Size(max = 128)
        String reason,
    @JsonPropertyDescription("Why the service is in its phase, in a sentence.") @Size(max = 2048)
        String message,
    @JsonPropertyDescription("spec.stopReason, while the service stops or is stopped by it.")
        @Size(max = 1024)
        String stopReason,
    @JsonPropertyDescription("The pod's own phase.") @Size(max = 32) String podPhase,
    @JsonPropertyDescription("The node the pod runs on.") @Size(max = Shape.SUBDOMAIN_LENGTH)
        String node,
    @JsonPropertyDescription("How often the agent was restarted within this attempt.")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        Integer restartCount,
    @JsonPropertyDescription(
            "restartCount when the agent last exited after it had served for long: a crash loop is counted from there.")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        Integer stableRestartCount,
    @JsonPropertyDescription("What the agent's process last exited with.")
        @Min(Integer.MIN_VALUE)
        @Max(Integer.MAX_VALUE)
        Integer lastExitCode,
    @JsonPropertyDescription(
            "How many sandboxes in a row were replaced because the former one was lost.")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        Integer recoveries,
    @JsonPropertyDescription("When the sandbox was lost that is to be replaced.") String lostAt,
    @JsonPropertyDescription("When the pod got its node.") String scheduledAt,
    @JsonPropertyDescription("When the agent was last found ready.") String readyAt)
    implements ReadinessStatusBuilder.With {}
