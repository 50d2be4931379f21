package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/**
 * Sandboxes that are there before their service is.
 *
 * @param size how many wait at a time
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WarmPool(
    @JsonPropertyDescription(
            "How many sandboxes wait for a service, each with a launcher and without an agent. Each costs what its"
                + " template's resources request. Default: 0; at most 1000.")
        @Default("0")
        @Min(0)
        @Max(1000)
        @SpecReplicas
        Integer size) {}
