package dev.agentservice.operator.service;

import java.util.Set;

/** A transient Secret as read once by name. Its values were dropped where it was read. */
public sealed interface TransientSecret {

  /** The service names none. */
  record None() implements TransientSecret {}

  /** It was not read in this pass, because nothing in it matters now. */
  record NotRead(String name) implements TransientSecret {}

  /** This operator deleted it a moment ago, when the agent had it. */
  record Forgotten(String name) implements TransientSecret {}

  record Absent(String name) implements TransientSecret {}

  /** The API server does not give it to the operator: it must not, or cannot now. */
  record Refused(String name) implements TransientSecret {}

  /** There, but of another type or owned by another object. */
  record Invalid(String name) implements TransientSecret {}

  /**
   * Usable.
   *
   * @param names its keys: the env names it brings
   * @param unusable those keys that cannot become env
   * @param owned whether it is already owned by the service and immutable
   */
  record Present(
      String name,
      String uid,
      String resourceVersion,
      Set<String> names,
      Set<String> unusable,
      boolean owned)
      implements TransientSecret {

    Present asOwned() {
      return new Present(name, uid, resourceVersion, names, unusable, true);
    }
  }
}
