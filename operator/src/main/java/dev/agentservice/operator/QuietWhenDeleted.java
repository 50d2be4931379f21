package dev.agentservice.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import java.net.HttpURLConnection;

/**
 * A reconciler whose pass may be overtaken by the deletion of what it is about: then there is
 * nothing left to do, to retry, or to print a stack trace for.
 */
public interface QuietWhenDeleted<P extends HasMetadata> extends Reconciler<P> {

  @Override
  default ErrorStatusUpdateControl<P> updateErrorStatus(
      P primary, Context<P> context, Exception failure) {
    return failure instanceof KubernetesClientException answer && saysGone(answer, primary)
        ? ErrorStatusUpdateControl.<P>noStatusUpdate().withNoRetry()
        : ErrorStatusUpdateControl.defaultErrorProcessing();
  }

  private static boolean saysGone(KubernetesClientException answer, HasMetadata primary) {
    var details = answer.getStatus() == null ? null : answer.getStatus().getDetails();
    return answer.getCode() == HttpURLConnection.HTTP_NOT_FOUND
        && details != null
        && primary.getPlural().equals(details.getKind())
        && primary.getMetadata().getName().equals(details.getName());
  }
}
