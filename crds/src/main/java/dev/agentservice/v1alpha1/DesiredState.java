package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

public enum DesiredState {
  @JsonProperty("Running")
  RUNNING,
  @JsonProperty("Stopped")
  STOPPED
}
