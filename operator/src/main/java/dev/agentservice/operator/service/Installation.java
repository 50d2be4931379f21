package dev.agentservice.operator.service;

import dev.agentservice.operator.edge.PublicUrls;
import java.util.Optional;

/**
 * What an installation has for its services.
 *
 * @param isolated whether sandboxes are closed to the network but for what NetworkPolicies open
 * @param launcherImage where sandboxes get the launcher from; empty: no launcher starts agents
 * @param publicUrls empty where services have none
 */
public record Installation(
    boolean isolated, Optional<String> launcherImage, Optional<PublicUrls> publicUrls) {}
