package dev.agentservice.v1alpha1;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.regex.Pattern;

/** Which env names a service may and must bring, by its recipe's {@code envSpec}. */
public final class EnvPolicy {

  /** What is wrong with the names. */
  public enum Fault {
    /** They may not come. */
    NOT_ALLOWED,
    /** They had to come and did not. */
    MISSING
  }

  /** What is wrong, and with which names. */
  public record Refusal(Fault fault, List<String> names) {}

  /** What Linux takes as one string of an environment, {@code NAME=value} and its NUL. */
  private static final int MAX_ENTRY_BYTES = 128 * 1024;

  /** As long as a Secret's key may be. */
  private static final int MAX_NAME = 253;

  private static final Pattern ENV_NAME = Pattern.compile(Names.ENV_NAME_PATTERN);

  private EnvPolicy() {}

  /** Whether {@code name} may be an environment variable's. */
  public static boolean isName(String name) {
    return name.length() <= MAX_NAME && ENV_NAME.matcher(name).matches();
  }

  /**
   * Whether an environment can carry the value: UTF-8, as a container runtime takes nothing else,
   * without NUL, and not too long with its name.
   */
  public static boolean isCarried(String name, byte[] value) {
    if (name.length() + value.length + 1 >= MAX_ENTRY_BYTES) {
      return false;
    }
    for (var octet : value) {
      if (octet == 0) {
        return false;
      }
    }
    return isUtf8(value);
  }

  private static boolean isUtf8(byte[] value) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  /** Judges the names that a service brings, by whichever route. */
  public static Optional<Refusal> refusal(Template template, SortedSet<String> brought) {
    var refused = brought.stream().filter(name -> !allowed(template, name)).toList();
    if (!refused.isEmpty()) {
      return Optional.of(new Refusal(Fault.NOT_ALLOWED, refused));
    }
    var missing =
        required(template.envSpec()).stream().filter(name -> !brought.contains(name)).toList();
    return missing.isEmpty() ? Optional.empty() : Optional.of(new Refusal(Fault.MISSING, missing));
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
