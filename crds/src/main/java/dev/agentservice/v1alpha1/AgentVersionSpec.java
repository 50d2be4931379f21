package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * A recipe as it was cut.
 *
 * @param deployment name of the AgentDeployment this recipe was cut from
 * @param number counts up from 1 within one deployment
 */
@RecordBuilder
public record AgentVersionSpec(String deployment, Long number, Template template)
    implements AgentVersionSpecBuilder.With {}
