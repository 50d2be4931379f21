package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether an AgentService should be running. */
public enum DesiredState {
  @JsonProperty("Running")
  RUNNING,
  @JsonProperty("Stopped")
  STOPPED
}
