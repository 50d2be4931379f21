package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;

/**
 * What the operator says of an AgentDeployment.
 *
 * @param services how many AgentServices name this deployment, by phase
 */
@RecordBuilder
public record AgentDeploymentStatus(
    Long observedGeneration,
    String activeVersion,
    String latestVersion,
    Map<String, Integer> services,
    List<Condition> conditions)
    implements AgentDeploymentStatusBuilder.With {}
