package dev.agentservice.operator.service;

import dev.agentservice.operator.PreconditionedDelete;
import dev.agentservice.operator.Recent;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.EnvPolicy;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * The only place that touches Secrets: by name, never by list or watch, and never keeping a value.
 * What the API server says about a Secret call is dropped too, for it may quote the object.
 */
final class TransientSecrets {

  private static final int FORGOTTEN = 1024;

  private final KubernetesClient client;
  private final PreconditionedDelete delete;

  /**
   * What was deleted, until status says so: the passes in between need not ask for it again. Those
   * who look for a late copy do not look here.
   */
  private final Set<String> forgotten = Collections.newSetFromMap(new Recent<>(FORGOTTEN));

  TransientSecrets(KubernetesClient client) {
    this.client = client;
    this.delete = new PreconditionedDelete(client);
  }

  /** Reads what a pass has to know of the Secret that {@code service} names. */
  TransientSecret look(AgentService service, String name) {
    Optional<Secret> found;
    try {
      found = get(service, name);
    } catch (SecretCallFailed e) {
      if (e.isRefusal()) {
        return new TransientSecret.Refused(name);
      }
      throw e;
    }
    if (found.isEmpty()) {
      return new TransientSecret.Absent(name);
    }
    var secret = found.get();
    if (!isUsable(secret, service) || !secret.getMetadata().getFinalizers().isEmpty()) {
      return new TransientSecret.Invalid(name); // with a finalizer, values outlive the deletion
    }
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    var unusable = new HashSet<String>();
    data.forEach(
        (key, value) -> {
          if (!isEnv(key, value)) {
            unusable.add(key);
          }
        });
    return new TransientSecret.Present(
        name,
        secret.getMetadata().getUid(),
        secret.getMetadata().getResourceVersion(),
        Set.copyOf(data.keySet()),
        unusable,
        secret.hasOwnerReferenceFor(service) && Boolean.TRUE.equals(secret.getImmutable()));
  }

  /**
   * The keys of a lasting Secret, each with what {@code fits} says of its value; empty where there
   * is no such Secret.
   */
  Optional<Map<String, Boolean>> keys(
      AgentService service, String name, BiPredicate<String, byte[]> fits) {
    return get(service, name)
        .map(
            secret -> {
              var keys = new TreeMap<String, Boolean>();
              if (secret.getData() != null) {
                secret
                    .getData()
                    .forEach(
                        (key, value) ->
                            keys.put(key, fits.test(key, Base64.getDecoder().decode(value))));
              }
              return keys;
            });
  }

  /**
   * Gives each value of the Secret to {@code to}, which hands it to an agent and keeps it nowhere.
   * One that is gone meanwhile is a call that failed.
   */
  void read(AgentService service, String name, BiConsumer<String, String> to) {
    var secret =
        get(service, name)
            .orElseThrow(() -> new SecretCallFailed("get", name, HttpURLConnection.HTTP_NOT_FOUND));
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    data.forEach(
        (key, value) ->
            to.accept(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8)));
  }

  /**
   * Makes the Secret owned by the service and immutable, if it is still as it was looked at: of two
   * services that name one Secret, one gets it.
   */
  void own(AgentService service, String name, String resourceVersion) {
    var owner = service.ownerReference();
    var patch =
        Map.of(
            "metadata",
            Map.of("resourceVersion", resourceVersion, "ownerReferences", new Object[] {owner}),
            "immutable",
            true);
    call(
        "patch",
        name,
        () ->
            client
                .resource(named(service, name))
                .patch(
                    PatchContext.of(PatchType.JSON_MERGE),
                    client.getKubernetesSerialization().asJson(patch)));
  }

  /** Which one is meant: with less, fabric8 asks for the object before it patches it. */
  private static Secret named(AgentService service, String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(service.getMetadata().getNamespace())
        .withName(name)
        .endMetadata()
        .build();
  }

  /** Whether this operator was the one that deleted what the current attempt had of that name. */
  boolean isForgotten(AgentService service, String name) {
    synchronized (forgotten) {
      return forgotten.contains(key(service, name));
    }
  }

  /** A later attempt may name a Secret again that one before the last consumed: it is another. */
  private static String key(AgentService service, String name) {
    var attempt = Observation.statusOf(service).attempt();
    return "%s/%s/%s".formatted(service.getMetadata().getUid(), attempt, name);
  }

  /** Deletes the Secret if it is there and is transient env of this service or of nobody yet. */
  void forget(AgentService service, String name) {
    get(service, name)
        .filter(secret -> isUsable(secret, service))
        .ifPresent(secret -> delete(service, name, secret.getMetadata().getUid()));
  }

  /** Deletes the Secret that this pass has seen or made owned by the service: no other can be. */
  void forget(AgentService service, TransientSecret.Present owned) {
    delete(service, owned.name(), owned.uid());
  }

  private void delete(AgentService service, String name, String uid) {
    call(
        "delete",
        name,
        () -> {
          delete.secret(service.getMetadata().getNamespace(), name, uid);
          return null;
        });
    synchronized (forgotten) {
      forgotten.add(key(service, name));
    }
  }

  private Optional<Secret> get(AgentService service, String name) {
    return Optional.ofNullable(
        call(
            "get",
            name,
            () ->
                client
                    .secrets()
                    .inNamespace(service.getMetadata().getNamespace())
                    .withName(name)
                    .get()));
  }

  private static boolean isUsable(Secret secret, AgentService service) {
    return Names.TRANSIENT_ENV_SECRET_TYPE.equals(secret.getType())
        && secret.getMetadata().getDeletionTimestamp() == null
        && (secret.getMetadata().getOwnerReferences().isEmpty()
            || secret.hasOwnerReferenceFor(service));
  }

  private static boolean isEnv(String name, String base64) {
    return EnvPolicy.isName(name) && EnvPolicy.isCarried(name, Base64.getDecoder().decode(base64));
  }

  private static <T> T call(String verb, String name, Supplier<T> request) {
    try {
      return request.get();
    } catch (KubernetesClientException e) {
      if (verb.equals("get") && e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return null;
      }
      throw new SecretCallFailed(verb, name, e.getCode());
    }
  }

  /** Says which call failed and how, and nothing else: no cause, no answer. */
  static final class SecretCallFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int httpStatus;

    SecretCallFailed(String verb, String name, int httpStatus) {
      super("cannot %s Secret %s: HTTP %d".formatted(verb, name, httpStatus));
      this.httpStatus = httpStatus;
    }

    int httpStatus() {
      return httpStatus;
    }

    /** Whether the API server said no, be it that it cannot: a key for decryption is away. */
    boolean isRefusal() {
      return httpStatus >= HttpURLConnection.HTTP_BAD_REQUEST;
    }
  }
}
