package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;

/**
 * What the operator says of an AgentDeployment.
 *
 * @param services how many AgentServices name this deployment, by phase
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentDeploymentStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Min(-1)
        Long observedGeneration,
    @JsonPropertyDescription("Name of the AgentVersion that services get which name none.")
        @Size(max = Shape.LABEL_LENGTH)
        String activeVersion,
    @JsonPropertyDescription("Name of the AgentVersion equal to the current template.")
        @Size(max = Shape.LABEL_LENGTH)
        String latestVersion,
    @JsonPropertyDescription(
            "How many AgentServices name this deployment, by phase. Written at most every 5 seconds.")
        @Size(max = 16)
        Map<String, @Min(0) @Max(Integer.MAX_VALUE) Integer> services,
    @JsonPropertyDescription(
            "How many sandboxes wait for a service. Written at most every 5 seconds.")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        @StatusReplicas
        Integer warmReady,
    @JsonPropertyDescription(
            "How many should; 0 while suspended, and where no launcher starts the agents.")
        @Min(0)
        @Max(Integer.MAX_VALUE)
        Integer warmTarget,
    @JsonPropertyDescription("What is true of this deployment now, one entry for each type.")
        @Size(max = 16)
        List<Condition> conditions)
    implements AgentDeploymentStatusBuilder.With {}
