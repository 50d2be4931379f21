package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to an agent whose process exits. */
public enum RestartPolicy {
  @JsonProperty("Always")
  ALWAYS,
  @JsonProperty("Never")
  NEVER
}
