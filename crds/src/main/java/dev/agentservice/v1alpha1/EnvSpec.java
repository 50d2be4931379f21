package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** Which environment variables a service must, may or may not bring. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "!has(self.required) || !has(self.optional) || !self.required.exists(name, name in self.optional)",
    message = "envSpec must list each name once: in required or in optional, not in both")
public record EnvSpec(
    @JsonPropertyDescription("Names that a service must bring. At most 128.") @Size(max = 128)
        List<@Size(min = 1, max = 253) @Pattern(Names.ENV_NAME_PATTERN) String> required,
    @JsonPropertyDescription("Names that a service may bring. At most 128.") @Size(max = 128)
        List<@Size(min = 1, max = 253) @Pattern(Names.ENV_NAME_PATTERN) String> optional,
    @JsonPropertyDescription(
            "Allow or Deny: whether a service may bring names that are not listed. Default: Deny; without envSpec any"
                + " name may come.")
        @Default("Deny")
        AdditionalEnv additional) {}
