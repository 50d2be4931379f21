package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.EnvFrom;
import dev.agentservice.v1alpha1.EnvPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Reads which env names the entries of {@code spec.envFrom} bring, and which of them no process can
 * be given. Their values are looked at and dropped.
 */
final class LastingSources {

  private final KubernetesClient client;
  private final TransientSecrets secrets;

  LastingSources(KubernetesClient client, TransientSecrets secrets) {
    this.client = client;
    this.secrets = secrets;
  }

  List<LastingSource> look(AgentService service) {
    List<EnvFrom> entries = service.getSpec().envFrom();
    return entries == null
        ? List.of()
        : entries.stream().map(entry -> look(service, entry)).toList();
  }

  private LastingSource look(AgentService service, EnvFrom entry) {
    var object = Source.of(entry);
    Optional<Map<String, Boolean>> keys;
    BiPredicate<String, byte[]> fits =
        (key, value) ->
            EnvPolicy.isCarried(object.key() == null ? key : SandboxEnv.nameOf(entry), value);
    try {
      keys =
          object.isSecret()
              ? secrets.keys(service, object.name(), fits)
              : configMapKeys(service, object.name(), fits);
    } catch (TransientSecrets.SecretCallFailed e) {
      if (!e.isRefusal()) {
        throw e;
      }
      return LastingSource.missing(entry, Reason.ENV_SOURCE_REFUSED, object.toString());
    } catch (KubernetesClientException e) {
      if (e.getCode() < HttpURLConnection.HTTP_BAD_REQUEST) {
        throw e;
      }
      return LastingSource.missing(entry, Reason.ENV_SOURCE_REFUSED, object.toString());
    }
    if (keys.isEmpty()) {
      return LastingSource.missing(entry, object.absent(), object.name());
    }
    if (object.key() == null) {
      var unusable = new HashSet<>(keys.get().keySet());
      unusable.removeIf(keys.get()::get);
      return LastingSource.of(entry, keys.get().keySet(), unusable);
    }
    var name = SandboxEnv.nameOf(entry);
    var fit = keys.get().get(object.key());
    return fit != null
        ? LastingSource.of(entry, Set.of(name), fit ? Set.of() : Set.of(name))
        : LastingSource.missing(entry, Reason.ENV_KEY_NOT_FOUND, object.toString());
  }

  private Optional<Map<String, Boolean>> configMapKeys(
      AgentService service, String name, BiPredicate<String, byte[]> fits) {
    return Optional.ofNullable(
            client
                .configMaps()
                .inNamespace(service.getMetadata().getNamespace())
                .withName(name)
                .get())
        .map(
            map -> {
              var keys = new TreeMap<String, Boolean>();
              if (map.getData() != null) {
                map.getData()
                    .forEach(
                        (key, value) ->
                            keys.put(key, fits.test(key, value.getBytes(StandardCharsets.UTF_8))));
              }
              return keys;
            });
  }

  /**
   * The object that an entry names.
   *
   * @param key null where the entry means all its keys
   */
  private record Source(boolean isSecret, String name, String key) {

    static Source of(EnvFrom entry) {
      if (entry.secretRef() != null) {
        return new Source(true, entry.secretRef().name(), null);
      }
      if (entry.configMapRef() != null) {
        return new Source(false, entry.configMapRef().name(), null);
      }
      return entry.secretKeyRef() != null
          ? new Source(true, entry.secretKeyRef().name(), entry.secretKeyRef().key())
          : new Source(false, entry.configMapKeyRef().name(), entry.configMapKeyRef().key());
    }

    Reason absent() {
      return isSecret ? Reason.ENV_SECRET_NOT_FOUND : Reason.ENV_CONFIG_MAP_NOT_FOUND;
    }

    @Override
    public String toString() {
      return (isSecret ? "Secret " : "ConfigMap ") + name;
    }
  }
}
