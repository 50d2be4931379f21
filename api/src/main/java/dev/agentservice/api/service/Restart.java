package dev.agentservice.api.service;

import dev.agentservice.api.auth.Caller;
import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.keys.InstallationKeys;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Base32Digest;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Restarts a service, once for each Idempotency-Key where one is given: {@code spec.restartId} and
 * a fresh {@code spec.envSecret} together, then the Secret, then a second look. The agent that runs
 * is not hurt before what the new one needs is there.
 */
public final class Restart {

  private static final String OPERATION = "restart";
  private static final String GIVEN_UP = "RestartGivenUp";
  private static final int ID_DIGITS = 13;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final int LOOKS = 50;

  private final Catalog catalog;
  private final InstallationKeys keys;
  private final SpecPatch patch;
  private final EnvDelivery delivery;
  private final Steps steps;

  public Restart(KubernetesClient client, Catalog catalog, InstallationKeys keys, Steps steps) {
    this.catalog = catalog;
    this.keys = keys;
    this.patch = new SpecPatch(client, catalog);
    this.delivery = new EnvDelivery(client, catalog, steps);
    this.steps = steps;
  }

  /**
   * Restarts.
   *
   * @param service as found under the caller's namespace
   * @param key empty: each call is another restart
   */
  public AgentService restart(
      Caller caller, AgentService service, Optional<IdempotencyKey> key, RestartRequest request) {
    var restartId =
        "r-"
            + key.map(text -> text.digest(ID_DIGITS, service.getMetadata().getUid(), OPERATION))
                .orElseGet(() -> Base32Digest.of(UUID.randomUUID().toString(), ID_DIGITS));
    var fingerprint = fingerprint(keys.ring().newest(), caller, request).orElseThrow();
    steps.reached(Steps.Step.CLAIM);
    var patched =
        patch.apply(
            service,
            current -> {
              var restarts = PastRestarts.of(current);
              var recorded = restarts.fingerprint(restartId);
              if (recorded.isPresent()) {
                requireSame(recorded.get(), caller, request);
                requireNotGivenUp(current, restartId);
                return Optional.empty();
              }
              requireRestartable(current, request);
              var ready = awaitFirst(current);
              return Optional.of(asked(ready, restartId, fingerprint, request));
            });
    var awaitsThese = restartId.equals(patched.getSpec().restartId());
    var delivered = awaitsThese ? delivery.deliver(patched, request.brought()) : patched;
    steps.reached(Steps.Step.FORGET);
    forgetSuperseded(patched);
    steps.reached(Steps.Step.ANSWER);
    return delivered;
  }

  private static AgentService asked(
      AgentService current, String restartId, Fingerprint fingerprint, RestartRequest request) {
    var spec = current.getSpec();
    var superseded = awaitedSecret(current);
    current.setSpec(
        spec.withRestartId(restartId)
            .withDesiredState(DesiredState.RUNNING)
            .withStopReason(null)
            .withEnvSecret(
                request.brought().isEmpty()
                    ? null
                    : FreshSecret.of(current.getMetadata().getName())));
    ObjectMeta metadata = current.getMetadata();
    metadata
        .getAnnotations()
        .put(
            Names.RESTARTS_ANNOTATION,
            PastRestarts.of(current).with(restartId, fingerprint, superseded).text());
    if (request.reason() == null) {
      metadata.getAnnotations().remove(Names.RESTART_REASON_ANNOTATION);
    } else {
      metadata.getAnnotations().put(Names.RESTART_REASON_ANNOTATION, request.reason());
    }
    return current;
  }

  /**
   * A Secret of this API's own that no attempt took yet, and none will once another is named; else
   * null.
   */
  private static String awaitedSecret(AgentService service) {
    var name = AwaitedEnv.secretName(service);
    return name != null
            && FreshSecret.isOne(service.getMetadata().getName(), name)
            && AwaitedEnv.awaits(service, name)
            && (service.getStatus() == null || !name.equals(service.getStatus().envSecretName()))
        ? name
        : null;
  }

  /** Also those of earlier calls, which may have died before. */
  private void forgetSuperseded(AgentService service) {
    var metadata = service.getMetadata();
    PastRestarts.of(service).superseded().stream()
        // the annotation is open to all who may change the service
        .filter(name -> FreshSecret.isOne(metadata.getName(), name))
        .filter(name -> !name.equals(AwaitedEnv.secretName(service)))
        .forEach(name -> delivery.forget(metadata.getNamespace(), name));
  }

  /** The operator took note of this restart and has left the running agent alone. */
  private static void requireNotGivenUp(AgentService service, String restartId) {
    var status = service.getStatus();
    var isGivenUp =
        restartId.equals(service.getSpec().restartId())
            && status != null
            && restartId.equals(status.restartId())
            && status.conditions() != null
            && status.conditions().stream()
                .anyMatch(condition -> condition.getReason().equals(GIVEN_UP));
    if (isGivenUp) {
      throw new Problem(ErrorCode.RESTART_GIVEN_UP);
    }
  }

  /** Values are stored nowhere, so a restart that forgets them would start another agent. */
  private void requireRestartable(AgentService service, RestartRequest request) {
    if (service.getStatus() != null && AwaitedEnv.isDuplicate(service.getStatus())) {
      throw new Problem(ErrorCode.DUPLICATE_SERVICE);
    }
    if (request.envs() == null && service.getSpec().envSecret() != null) {
      throw new Problem(ErrorCode.ENV_REQUIRED_AGAIN);
    }
    var version = service.getSpec().version();
    if (version == null && service.getStatus() != null) {
      version = service.getStatus().versionId();
    }
    if (version != null && service.getSpec().envFrom() == null) {
      catalog
          .version(service.getMetadata().getNamespace(), version)
          .ifPresent(found -> request.brought().requireAllowedBy(found.getSpec().template()));
    }
  }

  /**
   * Gives a service that never had a restartId one, and waits until the operator has seen it: only
   * a change of it restarts.
   */
  private AgentService awaitFirst(AgentService service) {
    var status = service.getStatus();
    var isLookedAt =
        status != null && status.observedGeneration() != null && status.observedGeneration() >= 0;
    if (!isLookedAt || status.restartId() != null) {
      return service;
    }
    var current = service;
    if (current.getSpec().restartId() == null) {
      current =
          patch.apply(
              service,
              other -> {
                other.setSpec(other.getSpec().withRestartId(Creation.FIRST_RESTART_ID));
                return Optional.of(other);
              });
    }
    for (var look = 0; look < LOOKS && seenRestartId(current) == null; look++) {
      pause();
      current = patch.live(service);
    }
    if (seenRestartId(current) == null) {
      throw new Problem(
          ErrorCode.SERVICE_CHANGED, "The operator has not looked at the service yet: try again.");
    }
    return current;
  }

  private static String seenRestartId(AgentService service) {
    return service.getStatus() == null ? null : service.getStatus().restartId();
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Problem(ErrorCode.OVERLOADED);
    }
  }

  private void requireSame(Fingerprint recorded, Caller caller, RestartRequest request) {
    var same =
        fingerprint(recorded.keyId(), caller, request)
            .orElseThrow(() -> new Problem(ErrorCode.UNKNOWN_FINGERPRINT_KEY))
            .isSameAs(recorded);
    if (!same) {
      throw new Problem(ErrorCode.IDEMPOTENCY_KEY_REUSED);
    }
  }

  private Optional<Fingerprint> fingerprint(String keyId, Caller caller, RestartRequest request) {
    return keys.key(keyId)
        .map(
            key ->
                Fingerprint.of(keyId, key, OPERATION, caller, request.reason(), request.brought()));
  }
}
