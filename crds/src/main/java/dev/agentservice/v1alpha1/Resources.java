package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** What the agent is given and what it may take, as in a container. */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "!has(self.requests) || !has(self.limits) || self.requests.all(name, !(name in self.limits) ||"
            + " quantity(string(self.requests[name])).compareTo(quantity(string(self.limits[name]))) <= 0)",
    fieldPath = ".requests",
    message = "requests must not exceed limits")
public record Resources(
    @JsonPropertyDescription(
            "What the scheduler keeps free for the agent, by resource (cpu in cores, memory in bytes). Fractions are written as"
                + " strings: \"0.5\" or 500m. At most 16.")
        @Size(max = 16)
        Map<String, Quantity> requests,
    @JsonPropertyDescription(
            "What the agent may use at most, by resource (cpu in cores, memory in bytes). Fractions are written as"
                + " strings: \"0.5\" or 500m. At most 16.")
        @Size(max = 16)
        Map<String, Quantity> limits) {}
