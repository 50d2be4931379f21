package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.soabase.recordbuilder.core.RecordBuilder;

/** The part of a container's securityContext that a recipe may set. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.allowPrivilegeEscalation) || !self.allowPrivilegeEscalation",
    fieldPath = ".allowPrivilegeEscalation",
    message = "allowPrivilegeEscalation must be false or absent")
@ValidationRule(
    value = "!has(self.privileged) || !self.privileged",
    fieldPath = ".privileged",
    message = "privileged must be false or absent")
@ValidationRule(
    value = "!has(self.runAsNonRoot) || self.runAsNonRoot",
    fieldPath = ".runAsNonRoot",
    message = "runAsNonRoot must be true or absent: agents never run as root")
public record ContainerSecurity(
    @JsonPropertyDescription("Only false, which is also the default.")
        Boolean allowPrivilegeEscalation,
    @JsonPropertyDescription(
            "Linux capabilities. All are dropped; only NET_BIND_SERVICE can be added.")
        Capabilities capabilities,
    @JsonPropertyDescription("Only false, which is also the default.") Boolean privileged,
    @JsonPropertyDescription("True mounts the image's files read-only. Default: false.")
        Boolean readOnlyRootFilesystem,
    @JsonPropertyDescription("Only true, which is also the default.") Boolean runAsNonRoot,
    @JsonPropertyDescription(
            "User id of the agent, at least 1. Default: the pod's, else the image's.")
        @Min(1)
        @Max(Shape.MAX_ID)
        Long runAsUser,
    @JsonPropertyDescription("Group id of the agent. Default: the pod's, else the image's.")
        @Min(0)
        @Max(Shape.MAX_ID)
        Long runAsGroup,
    @JsonPropertyDescription("RuntimeDefault (the default) or Localhost with a profile.")
        SeccompProfile seccompProfile) {}
