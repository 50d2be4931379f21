package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.EnvFrom;
import java.util.Set;

/**
 * One entry of {@code spec.envFrom} as seen.
 *
 * @param names the env names it brings; empty where it is missing
 * @param missing why it cannot be used; null when it can
 * @param subject the name that {@code missing} speaks of
 */
public record LastingSource(EnvFrom entry, Set<String> names, Reason missing, String subject) {

  static LastingSource of(EnvFrom entry, Set<String> names) {
    return new LastingSource(entry, Set.copyOf(names), null, null);
  }

  static LastingSource missing(EnvFrom entry, Reason why, String subject) {
    return new LastingSource(entry, Set.of(), why, subject);
  }
}
