package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One plain environment variable of a recipe. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EnvValue(
    @JsonPropertyDescription("Name of the environment variable.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Names.ENV_NAME_PATTERN)
        String name,
    @JsonPropertyDescription(
            "Its value, readable by whoever may read this object: nothing secret. At most 32768 characters. Default:"
                + " empty.")
        @Size(max = 32_768)
        @Pattern(Shape.NO_NUL)
        String value) {}
