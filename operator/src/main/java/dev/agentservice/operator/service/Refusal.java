package dev.agentservice.operator.service;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.net.HttpURLConnection;
import java.util.Optional;

/**
 * A write that the API server would not do. Its words are dropped: a webhook may have put there
 * what an agent wrote.
 *
 * @param quota whether a quota of the namespace was the cause
 */
public record Refusal(Action action, int httpStatus, boolean quota) {

  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int FIRST_SERVER_ERROR = 500;

  /** Why the agent cannot start; empty where only something was to be cleaned up. */
  Optional<Reason> hindrance() {
    return switch (action) {
      case Action.CreateSandbox _, Action.TakeSandbox _ -> Optional.of(because(Reason.POD_REFUSED));
      case Action.CreateFront _, Action.PointFront _ ->
          Optional.of(because(Reason.SERVICE_REFUSED));
      case Action.IsolateNamespace _ ->
          Optional.of(
              httpStatus == HttpURLConnection.HTTP_CONFLICT
                  ? Reason.NAME_CONFLICT
                  : because(Reason.NETWORK_POLICY_REFUSED));
      case Action.OwnSecret _ -> Optional.of(Reason.ENV_SOURCE_REFUSED);
      case Action.DeliverEnv _ -> Optional.of(Reason.ENV_NOT_DELIVERED);
      case Action.BeginAttempt _,
          Action.AskLauncher _,
          Action.RecordProcess _,
          Action.LabelSandbox _,
          Action.RemoveSandbox _,
          Action.PutRoute _,
          Action.RemoveRoute _,
          Action.DeleteRecord _,
          Action.ForgetSecret _ ->
          Optional.empty();
    };
  }

  /** What the sentence of {@link #hindrance} speaks of. */
  Object subject() {
    return switch (action) {
      case Action.OwnSecret own -> "Secret " + own.name();
      case Action.IsolateNamespace(NetworkPolicy policy)
          when httpStatus == HttpURLConnection.HTTP_CONFLICT ->
          policy.getMetadata().getName();
      default -> httpStatus;
    };
  }

  /** Whether the same write can never be accepted. */
  boolean isForGood() {
    return action instanceof Action.CreateSandbox
        && (httpStatus == HttpURLConnection.HTTP_BAD_REQUEST || httpStatus == UNPROCESSABLE);
  }

  private Reason because(Reason policy) {
    return httpStatus >= FIRST_SERVER_ERROR || httpStatus == TOO_MANY_REQUESTS
        ? Reason.API_ERROR
        : quota ? Reason.QUOTA_EXCEEDED : policy;
  }
}
