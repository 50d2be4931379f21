package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** The part of a pod's securityContext that a recipe may set. */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.runAsNonRoot) || self.runAsNonRoot",
    fieldPath = ".runAsNonRoot",
    message = "runAsNonRoot must be true or absent: agents never run as root")
@ValidationRule(
    value =
        "!has(self.fsGroupChangePolicy) || self.fsGroupChangePolicy in ['Always', 'OnRootMismatch']",
    fieldPath = ".fsGroupChangePolicy",
    message = "fsGroupChangePolicy must be Always or OnRootMismatch")
public record PodSecurity(
    @JsonPropertyDescription("Only true, which is also the default.") Boolean runAsNonRoot,
    @JsonPropertyDescription("User id of the agent, at least 1. Default: the image's.")
        @Min(1)
        @Max(Shape.MAX_ID)
        Long runAsUser,
    @JsonPropertyDescription("Group id of the agent. Default: the image's.")
        @Min(0)
        @Max(Shape.MAX_ID)
        Long runAsGroup,
    @JsonPropertyDescription("Group that owns the pod's volumes.") @Min(0) @Max(Shape.MAX_ID)
        Long fsGroup,
    @JsonPropertyDescription(
            "Always or OnRootMismatch: when to hand volumes to fsGroup. Default: Always.")
        @Size(max = 32)
        String fsGroupChangePolicy,
    @JsonPropertyDescription("Further groups of the agent. At most 32.") @Size(max = 32)
        List<@Min(0) @Max(Shape.MAX_ID) Long> supplementalGroups,
    @JsonPropertyDescription("RuntimeDefault (the default) or Localhost with a profile.")
        SeccompProfile seccompProfile) {}
