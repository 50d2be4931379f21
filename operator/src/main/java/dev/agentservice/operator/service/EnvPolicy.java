package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AdditionalEnv;
import dev.agentservice.v1alpha1.EnvSpec;
import dev.agentservice.v1alpha1.EnvValue;
import dev.agentservice.v1alpha1.Template;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** Which env names a service may and must bring, by its recipe's {@code envSpec}. */
final class EnvPolicy {

  /** Why the names are refused, and which ones. */
  record Refusal(Reason reason, List<String> names) {}

  private EnvPolicy() {}

  /** Judges the names that a service brings, by whichever route. */
  static Optional<Refusal> refusal(Template template, SortedSet<String> brought) {
    var refused = brought.stream().filter(name -> !allowed(template, name)).toList();
    if (!refused.isEmpty()) {
      return Optional.of(new Refusal(Reason.ENV_NOT_ALLOWED, refused));
    }
    var missing =
        required(template.envSpec()).stream().filter(name -> !brought.contains(name)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(new Refusal(Reason.ENV_MISSING, missing));
  }

  /**
   * A listed name always; another only where others may come and the recipe does not set it itself.
   */
  private static boolean allowed(Template template, String name) {
    var envSpec = template.envSpec();
    if (listed(envSpec).contains(name)) {
      return true;
    }
    var othersMayCome = envSpec == null || envSpec.additional() == AdditionalEnv.ALLOW;
    return othersMayCome && !setByTemplate(template, name);
  }

  private static boolean setByTemplate(Template template, String name) {
    return template.env() != null
        && template.env().stream().map(EnvValue::name).anyMatch(name::equals);
  }

  private static Set<String> listed(EnvSpec envSpec) {
    var names = new HashSet<>(required(envSpec));
    if (envSpec != null && envSpec.optional() != null) {
      names.addAll(envSpec.optional());
    }
    return names;
  }

  private static List<String> required(EnvSpec envSpec) {
    return envSpec == null || envSpec.required() == null ? List.of() : envSpec.required();
  }
}
