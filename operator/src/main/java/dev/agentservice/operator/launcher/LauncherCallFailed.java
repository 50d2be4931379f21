package dev.agentservice.operator.launcher;

/**
 * A launcher could not be spoken to. It says how, and nothing else: no cause and no answer, for
 * both may quote what was sent.
 */
public final class LauncherCallFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** No answer, or one that broke off. */
  static final int SILENCE = 0;

  private final int httpStatus;

  LauncherCallFailed(String pod, int httpStatus) {
    super(
        httpStatus == SILENCE
            ? "the launcher in pod %s did not answer".formatted(pod)
            : "cannot attach to pod %s: HTTP %d".formatted(pod, httpStatus));
    this.httpStatus = httpStatus;
  }

  /** The API server's answer to the attach; 0 where none came, or the launcher was silent. */
  public int httpStatus() {
    return httpStatus;
  }
}
