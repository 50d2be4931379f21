package dev.agentservice.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * One lasting source of env: a whole Secret or ConfigMap, or a single key of one.
 *
 * @param as the variable's name for a single key; absent: the key itself
 */
@RecordBuilder
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "[has(self.secretRef), has(self.configMapRef), has(self.secretKeyRef), has(self.configMapKeyRef)]"
            + ".filter(given, given).size() == 1",
    message =
        "each of envFrom must have exactly one of secretRef, configMapRef, secretKeyRef, configMapKeyRef")
@ValidationRule(
    value = "!has(self.__as__) || has(self.secretKeyRef) || has(self.configMapKeyRef)",
    fieldPath = ".as",
    message = "as names a single key: it must stand beside secretKeyRef or configMapKeyRef")
@ValidationRule(
    value =
        "has(self.__as__) || !has(self.secretKeyRef) || self.secretKeyRef.key.matches(r'"
            + Names.ENV_NAME_PATTERN
            + "')",
    fieldPath = ".secretKeyRef.key",
    message =
        "secretKeyRef.key must be a name for an environment variable, or as must say what to call it")
@ValidationRule(
    value =
        "has(self.__as__) || !has(self.configMapKeyRef) || self.configMapKeyRef.key.matches(r'"
            + Names.ENV_NAME_PATTERN
            + "')",
    fieldPath = ".configMapKeyRef.key",
    message =
        "configMapKeyRef.key must be a name for an environment variable, or as must say what to call it")
public record EnvFrom(
    @JsonPropertyDescription("Every key of a Secret becomes an environment variable.")
        WholeRef secretRef,
    @JsonPropertyDescription("Every key of a ConfigMap becomes an environment variable.")
        WholeRef configMapRef,
    @JsonPropertyDescription("One key of a Secret becomes an environment variable.")
        KeyRef secretKeyRef,
    @JsonPropertyDescription("One key of a ConfigMap becomes an environment variable.")
        KeyRef configMapKeyRef,
    @JsonPropertyDescription(
            "Name of the environment variable, for secretKeyRef and configMapKeyRef. Default: the key.")
        @Size(min = 1, max = 253)
        @Pattern(Names.ENV_NAME_PATTERN)
        String as) {

  /** A Secret or ConfigMap, all of it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record WholeRef(
      @JsonPropertyDescription("Name of the object, in the same namespace.")
          @Required
          @Size(min = 1, max = Shape.SUBDOMAIN_LENGTH)
          @Pattern(Shape.DNS_SUBDOMAIN)
          String name) {}

  /** One key of a Secret or ConfigMap. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record KeyRef(
      @JsonPropertyDescription("Name of the object, in the same namespace.")
          @Required
          @Size(min = 1, max = Shape.SUBDOMAIN_LENGTH)
          @Pattern(Shape.DNS_SUBDOMAIN)
          String name,
      @JsonPropertyDescription("The key in its data.")
          @Required
          @Size(min = 1, max = 253)
          @Pattern(Shape.KEY)
          String key) {}
}
