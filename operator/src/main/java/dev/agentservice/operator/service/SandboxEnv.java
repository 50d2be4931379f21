package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.EnvFrom;
import dev.agentservice.v1alpha1.EnvValue;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A container's env and envFrom, with the precedence template &lt; envFrom &lt; transient Secret.
 *
 * <p>Kubernetes lets {@code env} win over {@code envFrom}, and a later source over an earlier one.
 * So what a stronger source brings is left out of the weaker ones that would hide it.
 */
record SandboxEnv(List<EnvVar> env, List<EnvFromSource> envFrom) {

  static SandboxEnv of(
      Template template, List<LastingSource> lasting, TransientSecret transientSecret) {
    var env = new ArrayList<EnvVar>();
    var envFrom = new ArrayList<EnvFromSource>();
    var strongest = new HashSet<String>();
    if (transientSecret instanceof TransientSecret.Present secret) {
      strongest.addAll(secret.names());
    }
    var brought = new HashSet<>(strongest);
    lasting.forEach(source -> brought.addAll(source.names()));

    for (EnvValue value : template.env() == null ? List.<EnvValue>of() : template.env()) {
      if (!brought.contains(value.name())) {
        env.add(new EnvVarBuilder().withName(value.name()).withValue(value.value()).build());
      }
    }
    for (var at = 0; at < lasting.size(); at++) {
      var source = lasting.get(at);
      if (isWhole(source.entry())) {
        envFrom.add(whole(source.entry()));
      } else if (!hidden(source, lasting.subList(at + 1, lasting.size()), strongest)) {
        env.add(single(source));
      }
    }
    if (transientSecret instanceof TransientSecret.Present secret) {
      envFrom.add(
          new EnvFromSourceBuilder()
              .withNewSecretRef()
              .withName(secret.name())
              .endSecretRef()
              .build());
    }
    return new SandboxEnv(env, envFrom);
  }

  /** Whether a later entry or the transient Secret brings the same name. */
  private static boolean hidden(
      LastingSource source, List<LastingSource> later, Set<String> strongest) {
    return source.names().stream()
        .anyMatch(
            name ->
                strongest.contains(name)
                    || later.stream().anyMatch(other -> other.names().contains(name)));
  }

  private static boolean isWhole(EnvFrom entry) {
    return entry.secretRef() != null || entry.configMapRef() != null;
  }

  private static EnvFromSource whole(EnvFrom entry) {
    return entry.secretRef() != null
        ? new EnvFromSourceBuilder()
            .withNewSecretRef()
            .withName(entry.secretRef().name())
            .endSecretRef()
            .build()
        : new EnvFromSourceBuilder()
            .withNewConfigMapRef()
            .withName(entry.configMapRef().name())
            .endConfigMapRef()
            .build();
  }

  private static EnvVar single(LastingSource source) {
    var entry = source.entry();
    var variable = new EnvVarBuilder().withName(nameOf(entry)).withNewValueFrom();
    return entry.secretKeyRef() != null
        ? variable
            .withNewSecretKeyRef(entry.secretKeyRef().key(), entry.secretKeyRef().name(), null)
            .endValueFrom()
            .build()
        : variable
            .withNewConfigMapKeyRef(
                entry.configMapKeyRef().key(), entry.configMapKeyRef().name(), null)
            .endValueFrom()
            .build();
  }

  /** The variable that a single key becomes. */
  static String nameOf(EnvFrom entry) {
    if (entry.as() != null) {
      return entry.as();
    }
    return entry.secretKeyRef() != null
        ? entry.secretKeyRef().key()
        : entry.configMapKeyRef().key();
  }
}
