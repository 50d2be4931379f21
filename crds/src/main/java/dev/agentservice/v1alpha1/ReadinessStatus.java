package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;

/** Details of the current phase. The set of keys is open: clients ignore what they do not know. */
@RecordBuilder
public record ReadinessStatus(
    String reason,
    String message,
    String podPhase,
    String node,
    Integer restartCount,
    Integer lastExitCode,
    String scheduledAt,
    String readyAt)
    implements ReadinessStatusBuilder.With {}
