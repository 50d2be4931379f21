package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a launcher in the sandbox starts the agent and hands its env over. */
public enum Supervision {
  /** Where {@code command} says what to start, and the installation has a launcher. */
  @JsonProperty("Auto")
  AUTO,
  /** The node starts the agent and takes its env from the Secret. */
  @JsonProperty("None")
  NONE
}
