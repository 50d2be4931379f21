package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;

@RecordBuilder
public record AgentDeploymentSpec(
    String description,
    Template template,
    String activeVersion,
    Boolean suspended,
    Permissions permissions,
    Integer serviceTtlSecondsAfterFinished,
    Integer maxServices,
    Integer versionHistoryLimit)
    implements AgentDeploymentSpecBuilder.With {}
