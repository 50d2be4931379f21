package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.EnvFrom;
import java.util.Set;

/**
 * One entry of {@code spec.envFrom} as seen.
 *
 * @param names the env names it brings; empty where it is missing
 * @param unusable those of them that no process can be given, for their values
 * @param missing why it cannot be used; null when it can
 * @param subject the name that {@code missing} speaks of
 */
public record LastingSource(
    EnvFrom entry, Set<String> names, Set<String> unusable, Reason missing, String subject) {

  static LastingSource of(EnvFrom entry, Set<String> names, Set<String> unusable) {
    return new LastingSource(entry, Set.copyOf(names), Set.copyOf(unusable), null, null);
  }

  static LastingSource of(EnvFrom entry, Set<String> names) {
    return of(entry, names, Set.of());
  }

  static LastingSource missing(EnvFrom entry, Reason why, String subject) {
    return new LastingSource(entry, Set.of(), Set.of(), why, subject);
  }
}
