package dev.agentservice.crd;

import static dev.agentservice.crd.Manifest.deployment;
import static dev.agentservice.crd.Manifest.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A real API server refuses each, names the field and says what is right. */
@OnApiServer
class InvalidManifestsTest {

  /** The rules, in invalid-manifests.yml: one row each. */
  static Stream<Arguments> rules() {
    return Manifest.resource("/invalid-manifests.yml").entrySet().stream()
        .flatMap(
            section ->
                ((List<?>) section.getValue())
                    .stream().map(row -> rule((String) section.getKey(), (Map<?, ?>) row)));
  }

  private static Arguments rule(String into, Map<?, ?> row) {
    var put = (Map<?, ?>) row.get("put");
    var manifest =
        switch (into) {
          case "service" -> service().with(put);
          case "deployment" -> deployment().with(put);
          case "version" -> Manifest.version().with(put);
          case "template" -> deployment().withTemplate(put);
          default -> deployment().withTemplate(Map.of(into, put));
        };
    return arguments(row.get("what"), manifest, row.get("refused"), row.get("says"));
  }

  /** Too long or too many: these are easier said in Java. */
  static Stream<Arguments> floods() {
    return Stream.of(
        tooLong("deployment name", deployment(), "metadata", "name", 45),
        tooLong("service name", service(), "metadata", "name", 54),
        tooLong("restart", service(), "spec", "restartId", 255),
        tooLong("stop reason", service(), "spec", "stopReason", 1024),
        tooLong("description", deployment(), "spec", "description", 4096),
        tooMany("env sources", service(), "spec", "envFrom", 64, "{secretRef: {name: s%d}}"),
        tooMany("variables", deployment(), "spec.template", "env", 128, "{name: A%d}"),
        tooMany("arguments", deployment(), "spec.template", "args", 128, "a%d"),
        tooMany(
            "volumes",
            deployment(),
            "spec.template.podOverrides",
            "volumes",
            32,
            "{name: v%d, emptyDir: {}}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"rules", "floods"})
  void isRefused(String what, Manifest manifest, String field, String says, ApiServer server) {
    var refusal =
        catchThrowableOfType(
            KubernetesClientException.class, () -> manifest.tryToCreate(server.client()));

    assertThat(refusal).as("%s was accepted", what).isNotNull();
    assertThat(refusal.getCode()).as(refusal.getMessage()).isIn(400, 422);
    assertThat(refusal.getMessage()).contains(field).contains(says);
  }

  private static Arguments tooLong(
      String what, Manifest manifest, String parent, String field, int most) {
    var patch = "%s: {%s: %s}".formatted(parent, field, "a".repeat(most + 1));
    return arguments(
        what + " too long", manifest.with(patch), parent + "." + field, String.valueOf(most));
  }

  private static Arguments tooMany(
      String what, Manifest manifest, String parent, String field, int most, String each) {
    var items =
        IntStream.rangeClosed(0, most)
            .mapToObj(i -> each.replace("%d", String.valueOf(i)))
            .collect(Collectors.joining(", "));
    var patch = "%s: [%s]".formatted(field, items);
    for (var above : List.of(parent.split("\\.")).reversed()) {
      patch = "%s: {%s}".formatted(above, patch);
    }
    return arguments(
        "too many " + what,
        manifest.with(patch),
        parent + "." + field,
        "at most %d items".formatted(most));
  }
}
