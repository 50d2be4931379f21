package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Env;
import dev.agentservice.v1alpha1.EnvFrom;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the values that a launcher is handed, once, when it is handed them. The recipe's own are in
 * the container already; of the others {@code envFrom} comes first and the transient Secret wins.
 */
final class EnvReader {

  private final KubernetesClient client;
  private final TransientSecrets secrets;

  EnvReader(KubernetesClient client, TransientSecrets secrets) {
    this.client = client;
    this.secrets = secrets;
  }

  /** The values of the names that {@code seen} has found fit. */
  Env read(Observation seen) {
    var env = new Env();
    seen.lastingSources().forEach(source -> read(seen, source, env));
    if (seen.transientSecret() instanceof TransientSecret.Present secret) {
      secrets.read(seen.service(), secret.name(), env::put);
    }
    return env;
  }

  private void read(Observation seen, LastingSource source, Env env) {
    var entry = source.entry();
    if (entry.secretRef() != null || entry.secretKeyRef() != null) {
      var name = entry.secretRef() != null ? entry.secretRef().name() : entry.secretKeyRef().name();
      secrets.read(seen.service(), name, (key, value) -> put(source, key, value, env));
    } else {
      configMap(seen, entry).forEach((key, value) -> put(source, key, value, env));
    }
  }

  private static void put(LastingSource source, String key, String value, Env env) {
    var entry = source.entry();
    var single = entry.secretKeyRef() != null ? entry.secretKeyRef() : entry.configMapKeyRef();
    if (single == null && source.names().contains(key)) {
      env.put(key, value);
    } else if (single != null && single.key().equals(key)) {
      env.put(SandboxEnv.nameOf(entry), value);
    }
  }

  private Map<String, String> configMap(Observation seen, EnvFrom entry) {
    var name =
        entry.configMapRef() != null ? entry.configMapRef().name() : entry.configMapKeyRef().name();
    return Optional.ofNullable(
            client
                .configMaps()
                .inNamespace(seen.service().getMetadata().getNamespace())
                .withName(name)
                .require()
                .getData())
        .orElseGet(Map::of);
  }
}
