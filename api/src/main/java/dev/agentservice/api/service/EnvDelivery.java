package dev.agentservice.api.service;

import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
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
    var made = make(service, envs);
    steps.reached(Steps.Step.SECOND_LOOK);
    var metadata = service.getMetadata();
    var now = catalog.liveService(metadata.getNamespace(), metadata.getName());
    var awaited =
        now.filter(other -> other.getMetadata().getUid().equals(metadata.getUid()))
            .filter(other -> AwaitedEnv.awaits(other, AwaitedEnv.secretName(service)))
            .isPresent();
    if (!awaited) {
      made.ifPresent(this::delete);
    }
    return now.map(catalog::wrote).orElse(service);
  }

  /** Empty where the Secret was there: an earlier try got as far. */
  private Optional<Secret> make(AgentService service, EnvValues envs) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(service.getMetadata().getNamespace())
            .withName(AwaitedEnv.secretName(service))
            .withOwnerReferences(service.ownerReference())
            .endMetadata()
            .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
            .withImmutable(true)
            .withData(envs.secretData())
            .build();
    try {
      return Optional.of(client.resource(secret).create());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Optional.empty();
      }
      throw failed("create", secret, e);
    }
  }

  /** That very one: a namesake made meanwhile is somebody else's. */
  private void delete(Secret secret) {
    var metadata = secret.getMetadata();
    try {
      client.raw(
          "/api/v1/namespaces/%s/secrets/%s".formatted(metadata.getNamespace(), metadata.getName()),
          "DELETE",
          new DeleteOptionsBuilder()
              .withNewPreconditions()
              .withUid(metadata.getUid())
              .endPreconditions()
              .build());
      LOG.info(
          "Secret {}/{} came too late and was deleted",
          metadata.getNamespace(),
          metadata.getName());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw failed("delete", secret, e);
      }
    }
  }

  /** What the API server says of a Secret is not passed on: it may quote the object. */
  private static Problem failed(String verb, Secret secret, KubernetesClientException e) {
    LOG.warn(
        "cannot {} Secret {}/{}: HTTP {}",
        verb,
        secret.getMetadata().getNamespace(),
        secret.getMetadata().getName(),
        e.getCode());
    return new Problem(
        e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            ? ErrorCode.REFUSED_BY_CLUSTER
            : ErrorCode.KUBERNETES_UNAVAILABLE,
        "The env values could not be delivered. Send the request again with the same"
            + " Idempotency-Key.");
  }
}
