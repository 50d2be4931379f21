package dev.agentservice.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What every schema of ours must have; a failure names the paths that lack it. */
class SchemaTest {
  static final List<Class<? extends HasMetadata>> KINDS = CrdYaml.KINDS;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyOwnStringListMapAndNumberIsBounded(Class<? extends HasMetadata> kind) {
    assertThat(lacking(kind, (path, schema) -> bounded(schema))).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyOwnFieldIsDescribed(Class<? extends HasMetadata> kind) {
    assertThat(lacking(kind, (path, schema) -> isElement(path) || schema.has("description")))
        .isEmpty();
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void everyRuleSaysWhatIsRight(Class<? extends HasMetadata> kind) {
    assertThat(schema(kind).findValues("x-kubernetes-validations"))
        .flatMap(List::<JsonNode>of)
        .allSatisfy(
            rules ->
                rules.forEach(rule -> assertThat(rule.path("message").asText()).contains("must")));
  }

  /** Rules on changes are tried by ValidManifestsTest, since they need an object to change. */
  @ParameterizedTest
  @FieldSource("KINDS")
  void everyRuleIsTriedOnTheApiServer(Class<? extends HasMetadata> kind) {
    var tried =
        Manifest.resource("/invalid-manifests.yml").values().stream()
            .flatMap(rows -> ((List<?>) rows).stream())
            .map(row -> (String) ((Map<?, ?>) row).get("says"))
            .toList();
    var rules =
        schema(kind).findValues("x-kubernetes-validations").stream()
            .flatMap(JsonNode::valueStream)
            .filter(rule -> !rule.get("rule").asText().contains("oldSelf"))
            .map(rule -> rule.path("message").asText());

    assertThat(rules).allMatch(message -> tried.stream().anyMatch(message::contains));
  }

  private static boolean bounded(JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "string" ->
          schema.has("maxLength")
              || schema.has("enum")
              || "date-time".equals(schema.path("format").asText());
      case "array" -> schema.has("maxItems");
      case "object" -> !schema.has("additionalProperties") || schema.has("maxProperties");
      case "integer" -> schema.has("minimum") && schema.has("maximum") && schema.has("format");
      case "boolean" -> true;
      default -> schema.path("x-kubernetes-int-or-string").asBoolean() && schema.has("maxLength");
    };
  }

  private static boolean isElement(String path) {
    return path.endsWith("]");
  }

  private static List<String> lacking(
      Class<? extends HasMetadata> kind, BiPredicate<String, JsonNode> rule) {
    var found = new ArrayList<String>();
    walk(MAPPER.constructType(kind), schema(kind), kind.getSimpleName(), rule, found);
    return found;
  }

  private static JsonNode schema(Class<? extends HasMetadata> kind) {
    return CrdYaml.of(kind).at("/spec/versions/0/schema/openAPIV3Schema");
  }

  private static void walk(
      JavaType type,
      JsonNode schema,
      String path,
      BiPredicate<String, JsonNode> rule,
      List<String> found) {
    if (!rule.test(path, schema)) {
      found.add(path);
    }
    if (type.isCollectionLikeType()) {
      walk(type.getContentType(), schema.get("items"), path + "[]", rule, found);
    } else if (type.isMapLikeType()) {
      walk(type.getContentType(), schema.get("additionalProperties"), path + "[]", rule, found);
    } else if (isOurs(type)) {
      var types = new HashMap<String, JavaType>();
      MAPPER
          .getSerializationConfig()
          .introspect(type)
          .findProperties()
          .forEach(property -> types.put(property.getName(), property.getPrimaryType()));
      schema
          .path("properties")
          .properties()
          .forEach(
              property ->
                  walk(
                      types.get(property.getKey()),
                      property.getValue(),
                      path + "." + property.getKey(),
                      rule,
                      found));
    }
  }

  /** Kubernetes' own types are bounded at their top only; conditions are ours to bound. */
  private static boolean isOurs(JavaType type) {
    var raw = type.getRawClass();
    return raw == Condition.class
        || (raw.getPackageName().equals(Names.class.getPackageName()) && !type.isEnumType());
  }
}
