package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * A recipe as it was cut.
 *
 * @param deployment name of the AgentDeployment this recipe was cut from
 * @param number counts up from 1 within one deployment
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self == oldSelf",
    message =
        "spec must not change: a version is one recipe for ever; edit the AgentDeployment to cut another")
public record AgentVersionSpec(
    @JsonPropertyDescription("Name of the AgentDeployment that this recipe was cut from.")
        @Required
        @Size(min = 1, max = Shape.DEPLOYMENT_NAME_LENGTH)
        @Pattern(Shape.DNS_LABEL)
        String deployment,
    @JsonPropertyDescription("Counts up from 1 within one deployment.") @Required @Min(1)
        Long number,
    @JsonPropertyDescription("The recipe.") @Required Template template)
    implements AgentVersionSpecBuilder.With {}
