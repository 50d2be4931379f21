package dev.agentservice.operator.sandbox;

import java.util.Optional;

/**
 * What an installation has for every sandbox, whatever its recipe.
 *
 * @param launcherImage where sandboxes get the launcher from; empty: no launcher starts agents
 * @param userNamespaces whether each has users of its own, that are nobody on the node
 */
public record SandboxSettings(Optional<String> launcherImage, boolean userNamespaces) {}
