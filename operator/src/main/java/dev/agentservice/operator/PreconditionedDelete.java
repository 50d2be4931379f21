package dev.agentservice.operator;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.api.model.PreconditionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/**
 * Deletes one very object: the UID goes along as a precondition, so that a namesake made meanwhile,
 * or a write that a stale leader sends late, can harm nothing.
 */
public final class PreconditionedDelete {

  private static final String CORE = "/api/v1";
  private static final String OURS = "/apis/" + Names.GROUP + "/" + Names.VERSION;

  private final KubernetesClient client;

  public PreconditionedDelete(KubernetesClient client) {
    this.client = client;
  }

  public void pod(String namespace, String name, String uid) {
    delete(CORE, namespace, "pods", name, sameObject(uid));
  }

  /** Deletes the pod only as it was seen: one that changed since stays. */
  public void podAsSeen(String namespace, String name, String uid, String resourceVersion) {
    var asSeen =
        new PreconditionsBuilder().withUid(uid).withResourceVersion(resourceVersion).build();
    delete(CORE, namespace, "pods", name, asSeen);
  }

  public void secret(String namespace, String name, String uid) {
    delete(CORE, namespace, "secrets", name, sameObject(uid));
  }

  public void agentVersion(String namespace, String name, String uid) {
    delete(OURS, namespace, "agentversions", name, sameObject(uid));
  }

  public void route(HasMetadata route) {
    var metadata = route.getMetadata();
    delete(
        "/apis/" + route.getApiVersion(),
        metadata.getNamespace(),
        route.getPlural(),
        metadata.getName(),
        sameObject(metadata.getUid()));
  }

  /** Deletes the service only as it was seen: one that was restarted meanwhile stays. */
  public void agentService(AgentService seen) {
    var metadata = seen.getMetadata();
    delete(
        OURS,
        metadata.getNamespace(),
        "agentservices",
        metadata.getName(),
        new PreconditionsBuilder()
            .withUid(metadata.getUid())
            .withResourceVersion(metadata.getResourceVersion())
            .build());
  }

  private static Preconditions sameObject(String uid) {
    return new PreconditionsBuilder().withUid(uid).build();
  }

  /** One that is gone, or has another UID by now, is left alone. */
  private void delete(
      String group, String namespace, String plural, String name, Preconditions preconditions) {
    var options = new DeleteOptionsBuilder().withPreconditions(preconditions).build();
    var path = "%s/namespaces/%s/%s/%s".formatted(group, namespace, plural, name);
    try {
      client.raw(path, "DELETE", options);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }
}
