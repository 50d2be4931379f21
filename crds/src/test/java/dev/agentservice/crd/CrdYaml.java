package dev.agentservice.crd;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDGenerator.AbstractCRDOutput;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes the CustomResourceDefinitions from the types, as the text that is committed in crds/. */
final class CrdYaml {
  static final List<Class<? extends HasMetadata>> KINDS =
      List.of(AgentDeployment.class, AgentVersion.class, AgentService.class);

  private static final String FIRST_LINE =
      "# Generated from the types in crds/src/main/java by `make crds`: change those, not this.\n";

  /** Up to here JSON says an integer exactly, and so does the canonical JSON of recipe hashes. */
  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  private final ObjectMapper mapper = new ObjectMapper();
  private final KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
  private final JsonNode patches = read("/beyond-annotations.yml");

  /** File name to text, for each kind. */
  static Map<String, String> generate() {
    var made = new CrdYaml();
    var files = new TreeMap<String, String>();
    for (var kind : KINDS) {
      var definition = made.definition(kind);
      var name = definition.at("/metadata/name").asText() + "-v1.yml";
      var yaml = made.serialization.asYaml(definition);
      files.put(name, FIRST_LINE + yaml.substring("---\n".length()));
    }
    return files;
  }

  /** The CustomResourceDefinition of a kind. */
  static ObjectNode of(Class<? extends HasMetadata> kind) {
    return new CrdYaml().definition(kind);
  }

  private ObjectNode definition(Class<? extends HasMetadata> kind) {
    var out = new InMemory();
    new CRDGenerator()
        .withObjectMapper(mapper, serialization)
        .customResourceClasses(List.of(kind))
        .withOutput(out)
        .generate();
    var definition = (ObjectNode) serialization.unmarshal(out.text(), JsonNode.class);
    var version = (ObjectNode) definition.at("/spec/versions/0");
    finish(mapper.constructType(kind), (ObjectNode) version.at("/schema/openAPIV3Schema"));
    inDeclaredOrder(kind, (ArrayNode) version.get("additionalPrinterColumns"));
    return (ObjectNode) wholeNumbers(definition);
  }

  /** Adds to a schema, from the inside out, what its Java type says and no annotation can. */
  private void finish(JavaType type, ObjectNode schema) {
    if (type.isCollectionLikeType()) {
      finish(type.getContentType(), (ObjectNode) schema.get("items"));
    } else if (type.isMapLikeType()) {
      finish(type.getContentType(), (ObjectNode) schema.get("additionalProperties"));
    } else if (type.hasRawClass(Integer.class)) {
      number(schema, "int32", Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (type.hasRawClass(Long.class)) {
      number(schema, "int64", -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER);
    } else if (schema.has("properties")) {
      var types = new HashMap<String, JavaType>();
      mapper
          .getSerializationConfig()
          .introspect(type)
          .findProperties()
          .forEach(property -> types.put(property.getName(), property.getPrimaryType()));
      schema
          .get("properties")
          .properties()
          .forEach(
              property -> finish(types.get(property.getKey()), (ObjectNode) property.getValue()));
    }
    var patch = patches.get(type.getRawClass().getSimpleName());
    if (patch != null) {
      merge(schema, (ObjectNode) patch);
    }
  }

  /** Always bounded: one stored number that Java cannot hold would break every list and watch. */
  private static void number(ObjectNode schema, String format, long least, long most) {
    schema.put("format", format);
    if (!schema.has("minimum")) {
      schema.put("minimum", least);
    }
    if (!schema.has("maximum")) {
      schema.put("maximum", most);
    }
  }

  /** RFC 7396. */
  private static void merge(ObjectNode target, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            entry -> {
              var value = entry.getValue();
              if (value.isNull()) {
                target.remove(entry.getKey());
              } else if (value instanceof ObjectNode inner
                  && target.get(entry.getKey()) instanceof ObjectNode old) {
                merge(old, inner);
              } else {
                target.set(entry.getKey(), value.deepCopy());
              }
            });
  }

  /** The generator sorts columns by path; people read them in the order of their annotations. */
  private static void inDeclaredOrder(Class<?> kind, ArrayNode columns) {
    var byName = new HashMap<String, JsonNode>();
    columns.forEach(column -> byName.put(column.get("name").asText(), column));
    columns.removeAll();
    for (var declared : kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
      columns.add(byName.get(declared.name()));
    }
  }

  /** Writes 1.0 as 1: the generator holds every bound as a double. */
  private static JsonNode wholeNumbers(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(entry -> entry.setValue(wholeNumbers(entry.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, wholeNumbers(array.get(i)));
      }
    } else if (node.isDouble() && node.doubleValue() == Math.rint(node.doubleValue())) {
      return LongNode.valueOf(node.longValue());
    }
    return node;
  }

  private JsonNode read(String resource) {
    try (InputStream in = CrdYaml.class.getResourceAsStream(resource)) {
      return serialization.unmarshal(in, JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class InMemory extends AbstractCRDOutput<ByteArrayOutputStream> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    protected ByteArrayOutputStream createStreamFor(String crdName) {
      return bytes;
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}
