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
import java.util.List;

/** Which agent to run, what to tell it, and whether it should be running. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self.deployment == oldSelf.deployment",
    fieldPath = ".deployment",
    message = "spec.deployment must not change: make another AgentService instead")
@ValidationRule(
    value =
        "has(self.version) == has(oldSelf.version) && (!has(self.version) || self.version == oldSelf.version)",
    fieldPath = ".version",
    message =
        "spec.version must not change, nor be added or removed later: make another AgentService instead")
public record AgentServiceSpec(
    @JsonPropertyDescription("Name of the AgentDeployment to run. Immutable.")
        @Required
        @Size(min = 1, max = Shape.DEPLOYMENT_NAME_LENGTH)
        @Pattern(Shape.DNS_LABEL)
        String deployment,
    @JsonPropertyDescription(
            "Name of the AgentVersion to run. Default: the deployment's active version when the service is first seen."
                + " Immutable, also where absent.")
        @Size(min = 1, max = Shape.LABEL_LENGTH)
        @Pattern(Shape.DNS_LABEL)
        String version,
    @JsonPropertyDescription(
            "A Secret of type agentservice.dev/transient-env: its keys become environment variables, then it is deleted."
                + " Read at each start: change it together with restartId.")
        EnvSecret envSecret,
    @JsonPropertyDescription(
            "Lasting sources of environment variables. They win over template.env, and envSecret over them. Never"
                + " deleted; a change applies at the next start. At most 64.")
        @Size(max = 64)
        List<EnvFrom> envFrom,
    @JsonPropertyDescription(
            "Running or Stopped. Going back to Running starts a new attempt. Default: Running.")
        @Default("Running")
        DesiredState desiredState,
    @JsonPropertyDescription(
            "Changing it to a new string restarts the agent. Its first value, or removing it, restarts nothing."
                + " 1 to 255 printable ASCII characters.")
        @Size(min = 1, max = 255)
        @Pattern(Shape.PRINTABLE)
        String restartId,
    @JsonPropertyDescription(
            "Why it is stopped, for people; shown in status. At most 1024 characters.")
        @Size(max = 1024)
        String stopReason,
    @JsonPropertyDescription(
            "Seconds after which this object is deleted once it stopped or failed; at most 31536000 (a year). Default:"
                + " it is kept.")
        @Min(0)
        @Max(Shape.YEAR_SECONDS)
        Integer ttlSecondsAfterFinished)
    implements AgentServiceSpecBuilder.With {

  /** Names a transient Secret: its keys become env values, then it is deleted. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EnvSecret(
      @JsonPropertyDescription("Name of the Secret, in the same namespace.")
          @Required
          @Size(min = 1, max = Shape.SUBDOMAIN_LENGTH)
          @Pattern(Shape.DNS_SUBDOMAIN)
          String name) {}
}
