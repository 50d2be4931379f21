package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/** How to tell that the agent answers. Without any, running is ready. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.http) != has(self.tcp)",
    message =
        "readiness must have exactly one of http, tcp; without readiness a running agent is ready")
public record Readiness(
    @JsonPropertyDescription(
            "GET of a path on the agent's port: a status from 200 to 399 is ready.")
        HttpCheck http,
    @JsonPropertyDescription("The agent's port accepts a connection. Written as tcp: {}.")
        TcpCheck tcp,
    @JsonPropertyDescription(
            "Seconds from one check to the next, 1 to 300; a start is seen no sooner. Default: 1.")
        @Default("1")
        @Min(1)
        @Max(300)
        Integer periodSeconds,
    @JsonPropertyDescription(
            "Failed checks in a row that make a ready agent unhealthy, 1 to 100. Default: 10.")
        @Default("10")
        @Min(1)
        @Max(100)
        Integer failureThreshold) {

  /** GET of a path on the agent's port: any status from 200 to 399 is fine. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record HttpCheck(
      @JsonPropertyDescription("The path, with its query if need be; begins with a slash.")
          @Required
          @Size(min = 1, max = 1024)
          @Pattern("^/[!-~]*$")
          String path) {}

  /** The agent's port accepts a connection. Written as {@code tcp: {}}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record TcpCheck() {}
}
