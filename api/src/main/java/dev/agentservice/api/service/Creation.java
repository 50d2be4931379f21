package dev.agentservice.api.service;

import dev.agentservice.api.auth.Caller;
import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.catalog.ClusterAnswer;
import dev.agentservice.api.keys.InstallationKeys;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;

/**
 * Creates a service, once for each Idempotency-Key: claim, then Secret, then a second look. The
 * claim is the AgentService itself, under a name made from the key, so the API server's own
 * uniqueness decides every race. A call that died anywhere is resumed by the next one.
 */
public final class Creation {

  private static final String OPERATION = "create";
  private static final int NAME_DIGITS = 13;

  /** So that a later one is a restart: a first value would restart nothing. */
  static final String FIRST_RESTART_ID = "initial";

  private final KubernetesClient client;
  private final Catalog catalog;
  private final Recipes recipes;
  private final InstallationKeys keys;
  private final EnvDelivery delivery;
  private final Steps steps;

  public Creation(KubernetesClient client, Catalog catalog, InstallationKeys keys, Steps steps) {
    this.client = client;
    this.catalog = catalog;
    this.recipes = new Recipes(catalog);
    this.keys = keys;
    this.delivery = new EnvDelivery(client, catalog, steps);
    this.steps = steps;
  }

  /** What a create came to. */
  public record Result(AgentService service, boolean replayed) {}

  /** Creates the service, or finds the one that the same call created before. */
  public Result create(
      Caller caller, String deployment, IdempotencyKey key, CreateRequest request) {
    var name =
        AgentService.API_NAME_PREFIX
            + key.digest(NAME_DIGITS, caller.namespace(), deployment, OPERATION);
    if (catalog.knownService(caller.namespace(), name).isPresent()) {
      var existing = catalog.liveService(caller.namespace(), name);
      if (existing.isPresent()) {
        return resumed(caller, request, existing.get());
      }
    }
    AgentService wanted;
    try {
      wanted = wanted(caller, deployment, key, request, name);
    } catch (Problem refusal) {
      // what is refused today may have been created yesterday, by another replica
      return catalog
          .liveService(caller.namespace(), name)
          .map(existing -> resumed(caller, request, existing))
          .orElseThrow(() -> refusal);
    }
    steps.reached(Steps.Step.CLAIM);
    var claimed = claim(wanted);
    if (claimed.isEmpty()) {
      return resumed(
          caller, request, live(wanted).orElseThrow(() -> new Problem(ErrorCode.SERVICE_DELETED)));
    }
    var delivered = delivery.deliver(catalog.wrote(claimed.get()), request.envs());
    steps.reached(Steps.Step.ANSWER);
    return new Result(delivered, false);
  }

  private AgentService wanted(
      Caller caller,
      String deploymentName,
      IdempotencyKey key,
      CreateRequest request,
      String name) {
    var deployment = recipes.deployment(caller.namespace(), deploymentName);
    var version = recipes.version(deployment, request.versionId());
    request.envs().requireAllowedBy(version.getSpec().template());
    var fingerprint = fingerprint(keys.ring().newest(), caller, request).orElseThrow();

    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(caller.namespace())
            .withName(name)
            .withAnnotations(
                Map.of(
                    Names.IDEMPOTENCY_KEY_ANNOTATION, key.text(),
                    Names.REQUEST_FINGERPRINT_ANNOTATION, fingerprint.text(),
                    Services.PORT_ANNOTATION,
                        Integer.toString(version.getSpec().template().port())))
            .build());
    service.setSpec(
        AgentServiceSpecBuilder.builder()
            .deployment(deploymentName)
            .version(version.getMetadata().getName())
            .envSecret(request.envs().isEmpty() ? null : FreshSecret.of(name))
            .restartId(FIRST_RESTART_ID)
            .ttlSecondsAfterFinished(deployment.getSpec().serviceTtlSecondsAfterFinished())
            .build());
    return service;
  }

  /** Empty where the name is taken: by the same call, or by another one. */
  private Optional<AgentService> claim(AgentService wanted) {
    try {
      return Optional.of(client.resource(wanted).create());
    } catch (KubernetesClientException e) {
      // an answer that was lost may have been a yes, and a quota refuses before it sees the name
      if (ClusterAnswer.isTaken(e) || live(wanted).isPresent()) {
        return Optional.empty();
      }
      throw ClusterAnswer.isRefused(e) ? new Problem(ErrorCode.REFUSED_BY_CLUSTER) : e;
    }
  }

  private Optional<AgentService> live(AgentService wanted) {
    return catalog.liveService(wanted.getMetadata().getNamespace(), wanted.getMetadata().getName());
  }

  private Result resumed(Caller caller, CreateRequest request, AgentService existing) {
    var recorded =
        Fingerprint.parse(
                existing.getMetadata().getAnnotations().get(Names.REQUEST_FINGERPRINT_ANNOTATION))
            .orElseThrow(() -> new Problem(ErrorCode.IDEMPOTENCY_KEY_REUSED));
    var same =
        fingerprint(recorded.keyId(), caller, request)
            .orElseThrow(() -> new Problem(ErrorCode.UNKNOWN_FINGERPRINT_KEY))
            .isSameAs(recorded);
    if (!same) {
      throw new Problem(ErrorCode.IDEMPOTENCY_KEY_REUSED);
    }
    if (existing.getMetadata().getDeletionTimestamp() != null) {
      throw new Problem(ErrorCode.SERVICE_DELETED);
    }
    catalog.wrote(existing);
    var awaitsThese = FIRST_RESTART_ID.equals(existing.getSpec().restartId());
    var delivered = awaitsThese ? delivery.deliver(existing, request.envs()) : existing;
    steps.reached(Steps.Step.ANSWER);
    return new Result(delivered, true);
  }

  private Optional<Fingerprint> fingerprint(String keyId, Caller caller, CreateRequest request) {
    return keys.key(keyId)
        .map(
            key ->
                Fingerprint.of(keyId, key, OPERATION, caller, request.versionId(), request.envs()));
  }
}
