package dev.agentservice.api.service;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.EnvPolicy;
import dev.agentservice.v1alpha1.Template;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Env values on their way from a request into a transient Secret. They print as their names; the
 * values leave by two doors only: {@link #secretData} and {@link #forEach}.
 */
public final class EnvValues {

  public static final EnvValues NONE = new EnvValues(Map.of());

  private final SortedMap<String, String> values;

  private EnvValues(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  /**
   * Takes what an environment can carry.
   *
   * @throws Problem {@code invalid_env_name} or {@code invalid_env_value}, with the name
   */
  public static EnvValues of(Map<String, String> values) {
    values.forEach(
        (name, value) -> {
          if (!EnvPolicy.isName(name)) {
            throw new Problem(
                ErrorCode.INVALID_ENV_NAME,
                "envs: %s cannot be the name of an environment variable."
                    .formatted(Quoted.name(name)));
          }
          // half of a surrogate pair would become a question mark
          if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)
              || !EnvPolicy.isCarried(name, value.getBytes(StandardCharsets.UTF_8))) {
            throw new Problem(
                ErrorCode.INVALID_ENV_VALUE,
                "envs: the value of %s contains NUL or half a character, or is not shorter than 128 KiB."
                    .formatted(Quoted.name(name)));
          }
        });
    return new EnvValues(values);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public SortedSet<String> names() {
    return new TreeSet<>(values.keySet());
  }

  /**
   * Asks the recipe whether these may come, and whether all come that must.
   *
   * @throws Problem {@code env_not_allowed} or {@code env_missing}, with the names
   */
  void requireAllowedBy(Template template) {
    EnvPolicy.refusal(template, names())
        .ifPresent(
            refusal -> {
              var names = String.join(", ", refusal.names());
              throw switch (refusal.fault()) {
                case NOT_ALLOWED ->
                    new Problem(
                        ErrorCode.ENV_NOT_ALLOWED,
                        "envs: the version does not take " + names + ".");
                case MISSING ->
                    new Problem(ErrorCode.ENV_MISSING, "envs: the version requires " + names + ".");
              };
            });
  }

  /** As a Secret holds them: base64 of UTF-8. */
  Map<String, String> secretData() {
    var data = new TreeMap<String, String>();
    values.forEach(
        (name, value) ->
            data.put(
                name, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    return data;
  }

  /** In the order of names. */
  void forEach(BiConsumer<String, String> each) {
    values.forEach(each);
  }

  @Override
  public String toString() {
    return "EnvValues" + values.keySet();
  }
}
