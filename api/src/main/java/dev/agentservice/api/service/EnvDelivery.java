package dev.agentservice.api.service;

import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.catalog.ClusterAnswer;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings env values to a service that waits for them: in a transient Secret that the service owns
 * from its first moment. The only place that writes values, and it reads none.
 */
final class EnvDelivery {

  private static final Logger LOG = LoggerFactory.getLogger(EnvDelivery.class);

  private final KubernetesClient client;
  private final Catalog catalog;
  private final Steps steps;

  EnvDelivery(KubernetesClient client, Catalog catalog, Steps steps) {
    this.client = client;
    this.catalog = catalog;
    this.steps = steps;
  }

  /**
   * Delivers, unless the service has them, is over, or waits for others by now. It may be called
   * any number of times for one service, by any number of replicas.
   *
   * @param service as just read or written
   * @param envs the values that {@code spec.envSecret} of it is to bring
   * @return the service as it was last seen
   */
  AgentService deliver(AgentService service, EnvValues envs) {
    if (envs.isEmpty() || !AwaitedEnv.awaits(service, AwaitedEnv.secretName(service))) {
      return service;
    }
    steps.reached(Steps.Step.SECRET);
    make(service, envs);
    steps.reached(Steps.Step.SECOND_LOOK);
    var metadata = service.getMetadata();
    var now = catalog.liveService(metadata.getNamespace(), metadata.getName());
    var awaited =
        now.filter(other -> other.getMetadata().getUid().equals(metadata.getUid()))
            .filter(other -> AwaitedEnv.awaits(other, AwaitedEnv.secretName(service)))
            .isPresent();
    if (!awaited) {
      forget(metadata.getNamespace(), AwaitedEnv.secretName(service));
    }
    return now.map(catalog::wrote).orElse(service);
  }

  /** Deletes a Secret that nobody awaits. Its name was made up for one delivery: it is that one. */
  void forget(String namespace, String name) {
    try {
      client.secrets().inNamespace(namespace).withName(name).delete();
      LOG.info("Secret {}/{} is awaited no more and was deleted", namespace, name);
    } catch (KubernetesClientException e) {
      throw failed("delete", namespace, name, e);
    }
  }

  /** One that is there already was made by an earlier try, or by this one whose answer was lost. */
  private void make(AgentService service, EnvValues envs) {
    var namespace = service.getMetadata().getNamespace();
    var name = AwaitedEnv.secretName(service);
    try {
      client
          .resource(
              new SecretBuilder()
                  .withNewMetadata()
                  .withNamespace(namespace)
                  .withName(name)
                  .withOwnerReferences(service.ownerReference())
                  .endMetadata()
                  .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                  .withImmutable(true)
                  .withData(envs.secretData())
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw failed("create", namespace, name, e);
      }
    }
  }

  /** What the API server says of a Secret is not passed on: it may quote the object. */
  private static Problem failed(
      String verb, String namespace, String name, KubernetesClientException e) {
    LOG.warn("cannot {} Secret {}/{}: HTTP {}", verb, namespace, name, e.getCode());
    return ClusterAnswer.isRefused(e)
        ? new Problem(ErrorCode.REFUSED_BY_CLUSTER)
        : new Problem(
            ErrorCode.KUBERNETES_UNAVAILABLE,
            "The env values could not be delivered. Send the request again with the same"
                + " Idempotency-Key.");
  }
}
