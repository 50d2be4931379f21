package dev.agentservice.api.catalog;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;

/** What a call to the API server that failed says about the cluster. */
public final class ClusterAnswer {

  private static final int TOO_MANY_REQUESTS = 429;

  private static final Set<Integer> OTHERWISE_MEANT =
      Set.of(
          HttpURLConnection.HTTP_UNAUTHORIZED,
          HttpURLConnection.HTTP_NOT_FOUND,
          HttpURLConnection.HTTP_CONFLICT,
          TOO_MANY_REQUESTS);

  private ClusterAnswer() {}

  /** Whether there was no answer that one could go by: what was asked for may have been done. */
  public static boolean isLost(KubernetesClientException e) {
    return e.getCode() <= 0 || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  /**
   * Whether the name is taken. Not each conflict says that: a quota that many creates count at once
   * answers with one too.
   */
  public static boolean isTaken(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        && e.getStatus() != null
        && "AlreadyExists".equals(e.getStatus().getReason());
  }

  /** Whether admission control, a quota or validation said no: the same call fails again. */
  public static boolean isRefused(KubernetesClientException e) {
    return e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST
        && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR
        && !OTHERWISE_MEANT.contains(e.getCode());
  }

  /** Whether the same call may succeed in a moment. */
  public static boolean isUnavailable(KubernetesClientException e) {
    return isLost(e)
        || e.getCode() == TOO_MANY_REQUESTS
        || (e.getCode() == HttpURLConnection.HTTP_CONFLICT && !isTaken(e));
  }
}
