package dev.agentservice.operator.service;

/** Whether a service may start as far as the others under its deployment are concerned. */
public sealed interface Admission {

  /** It may, or it lives already. */
  record Admitted() implements Admission {}

  /** The deployment has as many live services as its {@code maxServices} allows. */
  record Full() implements Admission {}

  /**
   * Another one lives with the same idempotency key.
   *
   * @param winner its name
   * @param sharesSecret whether both name the same transient Secret, which then is the winner's
   */
  record Duplicate(String winner, boolean sharesSecret) implements Admission {}
}
