package dev.agentservice.v1alpha1;

/** The words that are public API beside the schemas: group, labels, annotations, Secret type. */
public final class Names {
  public static final String GROUP = "agentservice.dev";
  public static final String VERSION = "v1alpha1";

  /** On every child: the UID of the AgentService it belongs to. Selectors use it, never a name. */
  public static final String SERVICE_UID_LABEL = GROUP + "/service-uid";

  /**
   * On every child: the name of the AgentService it belongs to, for people and for mapping events.
   */
  public static final String SERVICE_LABEL = GROUP + "/service";

  /** On a sandbox and in its Service's selector: which attempt this is. */
  public static final String ATTEMPT_LABEL = GROUP + "/attempt";

  /** On a sandbox in which a launcher starts the agent. */
  public static final String SUPERVISED_LABEL = GROUP + "/supervised";

  /** On a sandbox that waits for a service; gone when one takes it. */
  public static final String WARM_LABEL = GROUP + "/warm";

  /**
   * On a sandbox that was made for a pool: its own name, by which its service's Service selects it.
   */
  public static final String SANDBOX_LABEL = GROUP + "/sandbox";

  /** On a sandbox that was made for a pool: the AgentVersion it runs. */
  public static final String VERSION_LABEL = GROUP + "/version";

  /** On a sandbox and a version: the AgentDeployment's name. */
  public static final String DEPLOYMENT_LABEL = GROUP + "/deployment";

  /** On the NetworkPolicy that closes a namespace's sandboxes. */
  public static final String ISOLATION_LABEL = GROUP + "/isolation";

  /** The caller's key that makes a create safe to repeat: 1..255 visible ASCII characters. */
  public static final String IDEMPOTENCY_KEY_ANNOTATION = GROUP + "/idempotency-key";

  /** What the HTTP API remembers of a create's payload: a keyed digest, never a value. */
  public static final String REQUEST_FINGERPRINT_ANNOTATION = GROUP + "/request-fingerprint";

  /** The restarts that the HTTP API last asked for, each with its keyed digest. */
  public static final String RESTARTS_ANNOTATION = GROUP + "/restarts";

  /** Why the HTTP API's caller last asked for a restart, for people. */
  public static final String RESTART_REASON_ANNOTATION = GROUP + "/restart-reason";

  /** Changing it to any other text revokes every signed URL of the service. */
  public static final String URL_EPOCH_ANNOTATION = GROUP + "/url-epoch";

  /** The type a Secret must have to be taken as transient env. */
  public static final String TRANSIENT_ENV_SECRET_TYPE = GROUP + "/transient-env";

  /**
   * What may name an environment variable, in the regular expressions that Java and RE2 share. Dots
   * as Kubernetes takes them: not alone, not two in front.
   */
  public static final String ENV_NAME_PATTERN = "^(\\.[-_a-zA-Z0-9]|[-_a-zA-Z])[-._a-zA-Z0-9]*$";

  /** Kubernetes' common label for who keeps an object, and our word in it. */
  public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

  public static final String MANAGED_BY = "agentservice-operator";

  private Names() {}
}
