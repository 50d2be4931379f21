package dev.agentservice.api.problem;

/**
 * A call that ends with an error answer. What it says goes to the caller as it is: it may name
 * fields, env names and objects, never a value and never what Kubernetes said.
 */
public final class Problem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public Problem(ErrorCode code, String detail) {
    // no stack: it is an answer, not a defect
    super(detail, null, false, false);
    this.code = code;
  }

  public Problem(ErrorCode code) {
    this(code, code.meaning());
  }

  public ErrorCode code() {
    return code;
  }
}
