package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a service may bring names that {@link EnvSpec} does not list. */
public enum AdditionalEnv {
  @JsonProperty("Allow")
  ALLOW,
  @JsonProperty("Deny")
  DENY
}
