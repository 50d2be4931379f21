package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What to run, for whom, and how much of it. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
public record AgentDeploymentSpec(
    @JsonPropertyDescription("What this agent is, for people. At most 4096 characters.")
        @Size(max = 4096)
        String description,
    @JsonPropertyDescription(
            "The recipe of the agent. A change cuts a new immutable AgentVersion; going back to an earlier recipe finds"
                + " the earlier version again. Running services keep the version they have.")
        @Required
        Template template,
    @JsonPropertyDescription(
            "Name of the AgentVersion that services get which name none: set it to roll back. Default: the version equal"
                + " to the current template.")
        @Size(min = 1, max = Shape.LABEL_LENGTH)
        @Pattern(Shape.DNS_LABEL)
        String activeVersion,
    @JsonPropertyDescription(
            "True refuses new services (DeploymentSuspended); running ones stay. Default: false.")
        @Default("false")
        Boolean suspended,
    @JsonPropertyDescription("What the agent may reach and who may reach it.") @Default("{}")
        Permissions permissions,
    @JsonPropertyDescription(
            "Seconds that a service made by the HTTP API keeps its record after it stopped or failed. Default: 86400"
                + " (a day); at most 31536000 (a year).")
        @Default("86400")
        @Min(0)
        @Max(Shape.YEAR_SECONDS)
        Integer serviceTtlSecondsAfterFinished,
    @JsonPropertyDescription(
            "How many services of this deployment may be alive (not stopped, not failed) at once. Default: no cap.")
        @Min(0)
        @Max(1_000_000)
        Integer maxServices,
    @JsonPropertyDescription(
            "Sandboxes that wait for services of the active version, so that these start at once. They need a template that a"
                + " launcher starts.")
        @Default("{}")
        WarmPool warmPool,
    @JsonPropertyDescription(
            "How many old versions to keep that nothing refers to. Current, active and referenced ones always stay."
                + " Default: 10; at most 100.")
        @Default("10")
        @Min(0)
        @Max(100)
        Integer versionHistoryLimit)
    implements AgentDeploymentSpecBuilder.With {}
