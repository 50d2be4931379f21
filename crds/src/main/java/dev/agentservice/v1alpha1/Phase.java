package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a service is in its life. The words are those of the HTTP API. */
public enum Phase {
  @JsonProperty("starting")
  STARTING,
  @JsonProperty("ready")
  READY,
  @JsonProperty("unhealthy")
  UNHEALTHY,
  @JsonProperty("stopping")
  STOPPING,
  @JsonProperty("stopped")
  STOPPED,
  @JsonProperty("failed")
  FAILED;

  /** The word as it stands in status. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
