package dev.agentservice.operator.service;

/** The types and reasons of a service's own conditions, beside the three of kstatus. */
final class Conditions {

  /** Transient env reached the agent's process, and its Secret was deleted. */
  static final String ENV_INJECTED = "EnvInjected";

  /** Reasons of {@link #ENV_INJECTED}: not yet, done, and done with no late copy left behind. */
  static final String NOT_YET = "NotYet";

  /** As {@link #NOT_YET}, where a launcher hands env over: until then the Secret still has it. */
  static final String NOT_DELIVERED = "NotDelivered";

  static final String INJECTED = "Injected";
  static final String SWEPT = "Swept";

  /** A start was asked for and waits for what its reason names, or was given up. */
  static final String START_PENDING = "StartPending";

  /** A public URL is permitted, and the gateway was not seen to refuse strangers: no route. */
  static final String PUBLIC_URL_UNPROTECTED = "PublicUrlUnprotected";

  /** A public URL is permitted, and its route cannot be made. */
  static final String PUBLIC_URL_REFUSED = "PublicUrlRefused";

  private Conditions() {}
}
