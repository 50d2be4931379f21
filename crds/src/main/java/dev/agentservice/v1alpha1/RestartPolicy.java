package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

public enum RestartPolicy {
  @JsonProperty("Always")
  ALWAYS,
  @JsonProperty("Never")
  NEVER
}
