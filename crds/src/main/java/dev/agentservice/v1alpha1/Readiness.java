package dev.agentservice.v1alpha1;

import io.soabase.recordbuilder.core.RecordBuilder;

/** How to tell that the agent answers. Exactly one kind, or none: then running is ready. */
@RecordBuilder
public record Readiness(
    HttpCheck http, TcpCheck tcp, Integer periodSeconds, Integer failureThreshold) {

  /** GET of a path on the agent's port: any status from 200 to 399 is fine. */
  public record HttpCheck(String path) {}

  /** The agent's port accepts a connection. Written as {@code tcp: {}}. */
  public record TcpCheck() {}
}
