package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When the node asks the registry for the image. */
public enum ImagePullPolicy {
  @JsonProperty("Always")
  ALWAYS,
  @JsonProperty("IfNotPresent")
  IF_NOT_PRESENT,
  @JsonProperty("Never")
  NEVER
}
