package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** What the operator says of an AgentVersion: whether it may be used. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentVersionStatus(
    @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Min(-1)
        Long observedGeneration,
    @JsonPropertyDescription("Ready is true where owner and content are what the name says.")
        @Size(max = 16)
        List<Condition> conditions)
    implements AgentVersionStatusBuilder.With {}
