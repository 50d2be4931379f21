package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

@RecordBuilder
public record AgentServiceSpec(
    String deployment,
    String version,
    EnvSecret envSecret,
    List<EnvFrom> envFrom,
    DesiredState desiredState,
    String restartId,
    String stopReason,
    Integer ttlSecondsAfterFinished)
    implements AgentServiceSpecBuilder.With {

  /** Names a transient Secret: its keys become env values, then it is deleted. */
  public record EnvSecret(String name) {}
}
