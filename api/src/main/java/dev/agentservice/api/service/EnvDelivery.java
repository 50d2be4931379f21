package dev.agentservice.api.service;

import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.catalog.ClusterAnswer;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.PreconditionsBuilder;
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
    var name = AwaitedEnv.secretName(service);
    var metadata = service.getMetadata();
    if (envs.isEmpty()
        // who named another one brings it himself
        || !FreshSecret.isOne(metadata.getName(), name)
        || !AwaitedEnv.awaits(service, name)) {
      return service;
    }
    steps.reached(Steps.Step.SECRET);
    var made = make(service, name, envs);
    steps.reached(Steps.Step.SECOND_LOOK);
    var now = live(service);
    if (now.filter(other -> AwaitedEnv.awaits(other, name)).isEmpty()) {
      delete(metadata.getNamespace(), name, made);
    }
    return now.map(catalog::wrote).orElse(service);
  }

  /** Deletes a Secret that nobody awaits. Its name was made up for one delivery: it is that one. */
  void forget(String namespace, String name) {
    delete(namespace, name, Optional.empty());
  }

  /** One that is gone, or is another one than was made here, is left alone. */
  private void delete(String namespace, String name, Optional<String> uid) {
    var preconditions = uid.map(one -> new PreconditionsBuilder().withUid(one).build());
    var options = new DeleteOptionsBuilder().withPreconditions(preconditions.orElse(null)).build();
    if (isDeleted(namespace, name, options)) {
      LOG.info("Secret {}/{} is awaited no more and was deleted", namespace, name);
    }
  }

  private boolean isDeleted(String namespace, String name, DeleteOptions options) {
    var path = "/api/v1/namespaces/%s/secrets/%s".formatted(namespace, name);
    try {
      return client.raw(path, "DELETE", options) != null;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw failed("delete", namespace, name, e);
    }
  }

  /**
   * Makes the Secret and gives its UID. One that is there already was made by an earlier try, or by
   * this one whose answer was lost; it has no UID that is known here.
   */
  private Optional<String> make(AgentService service, String name, EnvValues envs) {
    var namespace = service.getMetadata().getNamespace();
    try {
      var made =
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
      return Optional.of(made.getMetadata().getUid());
    } catch (KubernetesClientException e) {
      // a quota refuses before it sees that the name is taken
      if (ClusterAnswer.isTaken(e)
          || (ClusterAnswer.isRefused(e)
              && (isThere(namespace, name) || isConsumed(service, name)))) {
        return Optional.empty();
      }
      throw failed("create", namespace, name, e);
    }
  }

  /**
   * Asks by a delete that is not carried out: this API may not read Secrets, and need not for this.
   */
  private boolean isThere(String namespace, String name) {
    return isDeleted(namespace, name, new DeleteOptionsBuilder().withDryRun("All").build());
  }

  private boolean isConsumed(AgentService service, String secret) {
    return live(service)
        .map(AgentService::getStatus)
        .filter(status -> secret.equals(status.envSecretName()))
        .isPresent();
  }

  private Optional<AgentService> live(AgentService service) {
    var metadata = service.getMetadata();
    return catalog
        .liveService(metadata.getNamespace(), metadata.getName())
        .filter(now -> now.getMetadata().getUid().equals(metadata.getUid()));
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
