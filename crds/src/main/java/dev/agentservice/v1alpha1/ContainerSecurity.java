package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.soabase.recordbuilder.core.RecordBuilder;

/** The part of a container's securityContext that a recipe may set. */
@RecordBuilder
public record ContainerSecurity(
    Boolean allowPrivilegeEscalation,
    Capabilities capabilities,
    Boolean privileged,
    Boolean readOnlyRootFilesystem,
    Boolean runAsNonRoot,
    Long runAsUser,
    Long runAsGroup,
    SeccompProfile seccompProfile) {}
