package dev.agentservice.operator.service;

/**
 * Why a service is where it is: the machine word of status, conditions, events and metrics, with
 * its sentence and its cure. Sentences hold names and numbers only; nothing that an agent, a
 * webhook or an exception wrote is ever put into one, for it may hold a secret value.
 */
public enum Reason {
  STARTING("Starting", "The sandbox is being started.", "Wait.", Way.NONE),
  RESTARTING(
      "Restarting",
      "The former sandbox is leaving; the next one starts when it is gone.",
      "Wait.",
      Way.NONE),
  SERVING("Serving", "The agent is ready and reachable through its Service.", "Call it.", Way.NONE),

  DEPLOYMENT_NOT_FOUND(
      "DeploymentNotFound",
      "AgentDeployment %s does not exist in this namespace.",
      "Apply it.",
      Way.MENDED),
  DEPLOYMENT_PENDING(
      "DeploymentPending",
      "AgentDeployment %s has not been looked at since its last change.",
      "Wait.",
      Way.NONE),
  DEPLOYMENT_NOT_READY(
      "DeploymentNotReady",
      "AgentDeployment %s has no version that can be run.",
      "See its conditions: kubectl describe agd.",
      Way.MENDED),
  DEPLOYMENT_SUSPENDED(
      "DeploymentSuspended",
      "AgentDeployment %s is suspended and takes no new services.",
      "Set spec.suspended to false, then restart the service."),
  MAX_SERVICES_REACHED(
      "MaxServicesReached",
      "AgentDeployment %s has as many live services as its maxServices allows.",
      "Stop or delete one in time, or raise spec.maxServices; once it failed, restart the service."),
  DUPLICATE_IDEMPOTENCY_KEY(
      "DuplicateIdempotencyKey",
      "AgentService %s lives under the same deployment with the same idempotency key.",
      "Use that one. This one never starts: delete it, or apply it under another name and key."),
  IDEMPOTENCY_KEY_INVALID(
      "IdempotencyKeyInvalid",
      "The annotation %s is not 1 to 255 visible ASCII characters.",
      "Correct it, then restart the service."),
  DEPLOYMENT_DELETED(
      "DeploymentDeleted",
      "AgentDeployment %s was deleted.",
      "Apply it again, then restart the service."),
  VERSION_NOT_FOUND(
      "VersionNotFound",
      "AgentVersion %s does not exist in this namespace.",
      "Name one of kubectl get agentversions, or leave the field out.",
      Way.MENDED),
  VERSION_MISMATCH(
      "VersionMismatch",
      "AgentVersion %s was not cut from this AgentDeployment, or its content is not what its name stands for.",
      "Name a version of this deployment."),
  ENV_SECRET_NOT_FOUND(
      "EnvSecretNotFound", "Secret %s does not exist in this namespace.", "Create it.", Way.MENDED),
  ENV_CONFIG_MAP_NOT_FOUND(
      "EnvConfigMapNotFound",
      "ConfigMap %s does not exist in this namespace.",
      "Create it.",
      Way.MENDED),
  ENV_KEY_NOT_FOUND("EnvKeyNotFound", "%s has no such key.", "Add the key.", Way.MENDED),
  ENV_SECRET_INVALID(
      "EnvSecretInvalid",
      "Secret %s cannot be used as transient env: its type must be agentservice.dev/transient-env, no other object may own it, and it may have no finalizer.",
      "Create a Secret of that type under a new name and name it in spec.envSecret."),
  ENV_SECRET_CONSUMED(
      "EnvSecretConsumed",
      "Secret %s was consumed by an earlier start; its values are gone.",
      "Create a Secret under a new name, name it in spec.envSecret and restart."),
  ENV_SOURCE_REFUSED(
      "EnvSourceRefused",
      "The API server does not let the operator use %s.",
      "See the operator's Role in this namespace and the admission webhooks for it.",
      Way.MENDED),
  ENV_MISSING(
      "EnvMissing",
      "The recipe requires env %s, which nothing brings.",
      "Bring it by spec.envSecret or spec.envFrom, then restart the service."),
  ENV_NOT_ALLOWED(
      "EnvNotAllowed",
      "The recipe does not allow env %s.",
      "Leave it out, or list it in the template's envSpec, then restart the service."),
  ENV_INVALID(
      "EnvInvalid",
      "Env %s cannot be given to a process: a name must be a valid env name, a value UTF-8, under 128 KiB and without NUL.",
      "Correct it, then restart the service."),
  NAME_CONFLICT(
      "NameConflict",
      "An object named %s exists and does not belong to this service; it is left alone.",
      "Rename or delete one of the two, then restart the service."),
  POD_REFUSED(
      "PodRefused",
      "The API server or an admission policy refused the sandbox pod (HTTP %s).",
      "See the namespace's admission policies and the template's podOverrides, then restart the service."),
  SERVICE_REFUSED(
      "ServiceRefused",
      "The API server or an admission policy refused the Service in front of the sandbox (HTTP %s).",
      "See the namespace's admission policies, then restart the service."),
  NETWORK_POLICY_REFUSED(
      "NetworkPolicyRefused",
      "The API server refused the NetworkPolicy without which there is no sandbox (HTTP %s).",
      "See the operator's Role in this namespace and the admission policies for it, then restart the service."),
  API_ERROR(
      "ApiError",
      "The API server answered HTTP %s when the sandbox, its Service or its NetworkPolicy was to be made.",
      "It is tried again; see the API server and the namespace's admission webhooks."),
  QUOTA_EXCEEDED(
      "QuotaExceeded",
      "A quota of the namespace leaves no room for the sandbox, its Service or its NetworkPolicy.",
      "Free quota or raise it; once it failed, restart the service."),

  UNSCHEDULABLE(
      "Unschedulable",
      "No node can take the sandbox.",
      "Lower the template's resources, or see kubectl describe pod for what the nodes lack."),
  IMAGE_PULL_FAILED(
      "ImagePullFailed",
      "The image %s cannot be pulled.",
      "Check its name, the registry and podOverrides.imagePullSecrets, then restart the service."),
  INVALID_IMAGE_NAME(
      "InvalidImageName", "The image name %s is not valid.", "Correct the template's image."),
  RUNS_AS_ROOT(
      "RunsAsRoot",
      "The image would run as root or names its user by a word, which a sandbox does not allow.",
      "Set podOverrides.securityContext.runAsUser to a number above 0, or build the image with a numeric USER."),
  CONTAINER_CONFIG_ERROR(
      "CreateContainerConfigError",
      "The node cannot set up the container.",
      "A Secret, ConfigMap or volume that the recipe names is missing or wrong: see kubectl describe pod."),
  CONTAINER_ERROR(
      "CreateContainerError",
      "The node's container runtime cannot create or start the container.",
      "The node tries again. If it stays: check the template's command against the image, and see kubectl describe pod."),
  CONTAINER_CANNOT_RUN(
      "ContainerCannotRun",
      "The node cannot start the container's command.",
      "Check the template's command, args and workingDir against the image."),
  CRASH_LOOP(
      "CrashLoop",
      "The agent keeps exiting, last with code %s.",
      "Read its logs, correct it, then restart the service."),
  OOM_KILLED(
      "OOMKilled",
      "The agent was killed for using more memory than its limit.",
      "Raise the template's resources.limits.memory, then restart the service."),
  LAUNCHER_NOT_INSTALLED(
      "LauncherNotInstalled",
      "The launcher that starts the agent cannot be brought into the sandbox.",
      "Check that the nodes can pull the operator's LAUNCHER_IMAGE (sandboxes.launcherImage of the chart), then restart the service."),
  ENV_NOT_DELIVERED(
      "EnvNotDelivered",
      "The launcher in the sandbox waits for the agent's env, and the operator cannot reach it.",
      "See the operator's right to create pods/attach, the admission policies for it, and the node's kubelet; then restart the service."),
  AGENT_RESTARTING(
      "AgentRestarting", "The node is starting the agent's process again.", "Wait.", Way.NONE),
  PROBE_FAILED(
      "ProbeFailed",
      "The agent runs but its readiness check fails.",
      "Check that it listens on the template's port and answers the check."),
  ENDPOINT_NOT_READY(
      "EndpointNotReady",
      "The sandbox is ready but its Service has no ready endpoint yet.",
      "Wait; if it stays, see the Service's EndpointSlices."),
  START_DEADLINE_EXCEEDED(
      "StartDeadlineExceeded",
      "The agent was not ready within the template's startTimeoutSeconds.",
      "Raise startTimeoutSeconds or make it start faster, then restart the service."),
  EXITED("Exited", "The agent exited with code %s.", "Read its logs, then restart the service."),
  ENV_LOST(
      "EnvLost",
      "The sandbox is gone and with it the transient env it was given.",
      "Restart the service with a new Secret."),
  SANDBOX_LOST(
      "SandboxLost",
      "The sandbox was deleted from outside.",
      "It starts again by itself under restartPolicy Always, else restart the service."),
  EVICTED(
      "Evicted",
      "The node evicted the sandbox.",
      "See the node's pressure conditions and the template's resources."),
  NODE_LOST(
      "NodeLost",
      "The sandbox's node does not answer.",
      "Bring the node back or delete it; the sandbox is never replaced before it is gone."),

  STOPPING("Stopping", "The sandbox is being stopped as asked.", "Wait.", Way.NONE),
  STOPPED(
      "Stopped",
      "The service was stopped as asked.",
      "Set spec.desiredState to Running.",
      Way.NONE),
  COMPLETED(
      "Completed",
      "The agent finished its work and exited with code 0.",
      "Nothing to do.",
      Way.NONE),

  RESTART_GIVEN_UP(
      "RestartGivenUp",
      "A restart was asked for but did not get what it needed in time; the running agent was left alone.",
      "Bring what it needs and change spec.restartId again."),
  SECRET_NOT_DELETED(
      "SecretNotDeleted",
      "The API server does not let the operator delete Secret %s, which still holds env values.",
      "Delete the Secret; see the operator's Role in this namespace and the admission webhooks for it.");

  /** How a service gets out of it. */
  private enum Way {
    /** There is nothing to get out of. */
    NONE,
    /** One that failed by it before it ever had a sandbox starts once it is mended. */
    MENDED,
    /** Mended, and then restarted, where it failed by it. */
    RESTARTED
  }

  private static final int LONGEST_SUBJECT = 1000;

  private final String word;
  private final String sentence;
  private final String cure;
  private final Way way;

  Reason(String word, String sentence, String cure) {
    this(word, sentence, cure, Way.RESTARTED);
  }

  Reason(String word, String sentence, String cure, Way way) {
    this.word = word;
    this.sentence = sentence;
    this.cure = cure;
    this.way = way;
  }

  /** The machine word, in CamelCase as conditions want it. */
  public String word() {
    return word;
  }

  /**
   * What it means, about {@code subject}: names or a number, where the sentence has a place for
   * one. A long list of names is cut, for a status has a bound.
   */
  public String sentence(Object subject) {
    var names = subject.toString();
    return sentence.formatted(
        names.length() <= LONGEST_SUBJECT ? names : names.substring(0, LONGEST_SUBJECT) + "...");
  }

  /** What to do about it. */
  public String cure() {
    return cure;
  }

  /**
   * Whether a service that failed by this before it ever had a sandbox starts once it is mended.
   */
  public boolean healsByItself() {
    return way == Way.MENDED;
  }

  /** Whether time and other objects cannot mend it. */
  public boolean endsOnlyByRestart() {
    return way == Way.RESTARTED;
  }

  /** Whether somebody should look into it; else it is the ordinary course of things. */
  public boolean isTrouble() {
    return way != Way.NONE;
  }

  /** The reason that status shows as {@code word}; null where it is none of ours. */
  public static Reason ofWord(String word) {
    for (var reason : values()) {
      if (reason.word.equals(word)) {
        return reason;
      }
    }
    return null;
  }
}
