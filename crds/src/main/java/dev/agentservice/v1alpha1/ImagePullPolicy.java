package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

public enum ImagePullPolicy {
  @JsonProperty("Always")
  ALWAYS,
  @JsonProperty("IfNotPresent")
  IF_NOT_PRESENT,
  @JsonProperty("Never")
  NEVER
}
