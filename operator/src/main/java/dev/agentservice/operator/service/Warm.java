package dev.agentservice.operator.service;

/** What the deployment's pool has for a service that starts. */
public sealed interface Warm {

  /** It is not asked, or there is no pool. */
  record None() implements Warm {}

  /** No sandbox waits. */
  record Empty() implements Warm {}

  /** One that waits, as it was seen: it can be taken only as that. */
  record Free(String name, String uid, String resourceVersion) implements Warm {}
}
