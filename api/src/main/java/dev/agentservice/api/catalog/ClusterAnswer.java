package dev.agentservice.api.catalog;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** What a call to the API server that failed says about the cluster. */
public final class ClusterAnswer {

  private static final int TOO_MANY_REQUESTS = 429;

  private ClusterAnswer() {}

  /** Whether there was no answer that one could go by: what was asked for may have been done. */
  public static boolean isLost(KubernetesClientException e) {
    return e.getCode() <= 0 || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  /** Whether the same call may succeed in a moment. */
  public static boolean isUnavailable(KubernetesClientException e) {
    return isLost(e) || e.getCode() == TOO_MANY_REQUESTS;
  }
}
