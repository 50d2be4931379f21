package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** The part of a pod's securityContext that a recipe may set. */
@RecordBuilder
public record PodSecurity(
    Boolean runAsNonRoot,
    Long runAsUser,
    Long runAsGroup,
    Long fsGroup,
    String fsGroupChangePolicy,
    List<Long> supplementalGroups,
    SeccompProfile seccompProfile) {}
