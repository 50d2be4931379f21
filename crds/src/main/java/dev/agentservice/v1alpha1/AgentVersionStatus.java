package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

@RecordBuilder
public record AgentVersionStatus(Long observedGeneration, List<Condition> conditions)
    implements AgentVersionStatusBuilder.With {}
