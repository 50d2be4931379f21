package dev.agentservice.api.problem;

import java.util.Locale;

/**
 * Every way in which a call can be refused. The one table of status codes: the server answers by
 * it, and the OpenAPI description and docs/api.md are made from it.
 */
public enum ErrorCode {
  INVALID_REQUEST(400, "The request is not valid HTTP or names something impossible."),
  INVALID_JSON(400, "The body is not a JSON object in UTF-8 that names each member once."),
  INVALID_IDEMPOTENCY_KEY(
      400, "The Idempotency-Key header is missing, repeated, or not 1 to 255 visible ASCII."),
  INVALID_PARAMETER(400, "A query parameter has a value that makes no sense."),
  UNAUTHENTICATED(
      401, "The bearer token is missing, expired, not for this audience, or no ServiceAccount's."),
  FORBIDDEN(403, "The caller's ServiceAccount lacks the Kubernetes permission."),
  REFUSED_BY_CLUSTER(403, "The cluster's admission control or a quota refused the object."),
  NOT_FOUND(404, "There is no such path."),
  DEPLOYMENT_NOT_FOUND(404, "There is no such AgentDeployment in the caller's namespace."),
  VERSION_NOT_FOUND(404, "The AgentDeployment has no such version."),
  SERVICE_NOT_FOUND(404, "The AgentDeployment has no such service."),
  METHOD_NOT_ALLOWED(405, "The path does not answer this method."),
  REQUEST_TIMEOUT(408, "The body took too long to arrive.", true),
  DEPLOYMENT_SUSPENDED(409, "The AgentDeployment takes no new services."),
  SERVICE_DELETED(409, "The service of this Idempotency-Key is being deleted.", true),
  SERVICE_CHANGED(409, "Others keep changing the service: nothing was done.", true),
  DUPLICATE_SERVICE(409, "The service lost to another one of its idempotency key: it never runs."),
  RESTART_GIVEN_UP(
      409, "This restart did not get what it needed in time, and the agent was left alone."),
  UNKNOWN_FINGERPRINT_KEY(
      409, "The payload cannot be compared: the installation key it was recorded with is gone."),
  BODY_TOO_LARGE(413, "The body is larger than 1 MiB."),
  UNSUPPORTED_MEDIA_TYPE(415, "The body is not application/json."),
  INVALID_BODY(422, "A field of the body has a wrong type or is unknown."),
  INVALID_ENV_NAME(422, "A name cannot be an environment variable's."),
  INVALID_ENV_VALUE(
      422, "A value cannot be an environment variable's: it has NUL, is no text, or is too long."),
  ENV_NOT_ALLOWED(422, "The version's env spec does not let a name come."),
  ENV_MISSING(422, "The version's env spec requires a name that is not brought."),
  ENV_REQUIRED_AGAIN(
      422, "The service runs with env values, which are stored nowhere: bring them again."),
  UNKNOWN_VERSION(422, "version_id names no version."),
  VERSION_OF_ANOTHER_DEPLOYMENT(422, "version_id names a version of another AgentDeployment."),
  IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used with another payload or caller."),
  TOO_MANY_CREATES(429, "The caller's namespace creates services faster than it may.", true),
  INTERNAL(500, "The server has a defect or is not set up well; its log has the request id."),
  KUBERNETES_UNAVAILABLE(
      503, "The Kubernetes API server does not answer, or asks to come again.", true),
  VERSION_NOT_READY(503, "The AgentDeployment's version is not cut yet.", true),
  OVERLOADED(503, "The server has as much to do as it can.", true);

  private final int status;
  private final String meaning;
  private final boolean retryable;

  ErrorCode(int status, String meaning) {
    this(status, meaning, false);
  }

  ErrorCode(int status, String meaning, boolean retryable) {
    this.status = status;
    this.meaning = meaning;
    this.retryable = retryable;
  }

  /**
   * The code of that word.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static ErrorCode of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }

  /** The word in the answer: snake case. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What it says to people: the problem's title. */
  public String meaning() {
    return meaning;
  }

  /** Whether the same call, sent again as it is, may succeed. */
  public boolean retryable() {
    return retryable;
  }
}
