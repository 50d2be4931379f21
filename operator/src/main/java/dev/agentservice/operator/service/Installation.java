package dev.agentservice.operator.service;

import dev.agentservice.operator.edge.PublicUrls;
import dev.agentservice.operator.sandbox.SandboxSettings;
import java.util.Optional;

/**
 * What an installation has for its services.
 *
 * @param isolated whether sandboxes are closed to the network but for what NetworkPolicies open
 * @param sandboxes what every sandbox has
 * @param publicUrls empty where services have none
 */
public record Installation(
    boolean isolated, SandboxSettings sandboxes, Optional<PublicUrls> publicUrls) {}
