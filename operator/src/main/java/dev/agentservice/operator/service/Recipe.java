package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.Template;

/** The recipe a service runs by, or why there is none. */
public sealed interface Recipe {

  /** Resolved: {@code version} is the AgentVersion's name. */
  record Found(String deployment, String version, Template template) implements Recipe {}

  /** Not to be had; {@code subject} is the name the reason speaks of. */
  record Unavailable(Reason reason, String subject) implements Recipe {}
}
