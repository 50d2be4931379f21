package dev.agentservice.operator.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.agentservice.operator.Recent;
import dev.agentservice.v1alpha1.Base32Digest;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * The name of the AgentVersion that holds a recipe: {@code <deployment>-<16 base32 digits>}, 80
 * bits of the SHA-256 of the recipe's canonical JSON.
 *
 * <p>Canonical is RFC 8785 after three steps that remove what means nothing: fields that are null
 * or empty, fields that hold their default, and the many ways to write one quantity. A field added
 * to the recipe later must have today's behaviour as its default; then no name ever changes.
 */
public final class RecipeName {

  private static final int HASH_DIGITS = 16;

  private static final String OVERRIDES = "/podOverrides/";
  private static final String POD_SECURITY = OVERRIDES + "securityContext/";
  private static final String CONTAINER_SECURITY = OVERRIDES + "containerSecurityContext/";

  /** What a recipe's fields mean when they are not written, by path from the template. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("/readiness/periodSeconds", 1),
          Map.entry("/readiness/failureThreshold", 10),
          Map.entry("/startTimeoutSeconds", 120),
          Map.entry("/stopGraceSeconds", 30),
          Map.entry("/restartPolicy", "Always"),
          Map.entry("/supervision", "Auto"),
          Map.entry("/envSpec/additional", "Deny"),
          Map.entry(POD_SECURITY + "runAsNonRoot", true),
          Map.entry(POD_SECURITY + "seccompProfile", Map.of("type", "RuntimeDefault")),
          Map.entry(CONTAINER_SECURITY + "runAsNonRoot", true),
          Map.entry(CONTAINER_SECURITY + "allowPrivilegeEscalation", false),
          Map.entry(CONTAINER_SECURITY + "privileged", false),
          Map.entry(CONTAINER_SECURITY + "readOnlyRootFilesystem", false));

  /** Objects whose presence says something even when they hold nothing: they are never removed. */
  private static final Set<String> MEANT_WHEN_EMPTY =
      Set.of("/envSpec", "/readiness/http", "/readiness/tcp");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .addMixIn(Quantity.class, CanonicallyWritten.class)
          .build();

  /** Recipes are few, and each pass over a service asks for its recipe's name. */
  private static final int MOST_REMEMBERED = 1_000;

  private static final Map<Template, String> REMEMBERED =
      Collections.synchronizedMap(new Recent<>(MOST_REMEMBERED));

  private RecipeName() {}

  /** The name under which {@code template} is kept for the AgentDeployment {@code deployment}. */
  public static String of(String deployment, Template template) {
    return deployment + "-" + hash(template);
  }

  /** The digits that stand for the content of {@code template}. */
  static String hash(Template template) {
    return REMEMBERED.computeIfAbsent(
        template, recipe -> Base32Digest.of(canonicalJson(recipe), HASH_DIGITS));
  }

  static byte[] canonicalJson(Template template) {
    ObjectNode tree = MAPPER.valueToTree(template);
    removeWhatMeansNothing(tree, "");
    try {
      return new JsonCanonicalizer(MAPPER.writeValueAsString(tree)).getEncodedUTF8();
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree can always be written", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("not representable in RFC 8785 JSON", e);
    }
  }

  private static void removeWhatMeansNothing(JsonNode node, String path) {
    switch (node) {
      case ObjectNode object -> {
        for (var name : new ArrayList<>(object.propertyStream().map(Map.Entry::getKey).toList())) {
          var childPath = path + "/" + name;
          removeWhatMeansNothing(object.get(name), childPath);
          if (meansNothing(object.get(name), childPath)) {
            object.remove(name);
          }
        }
      }
      case ArrayNode array -> array.forEach(item -> removeWhatMeansNothing(item, path + "/*"));
      default -> {}
    }
  }

  private static boolean meansNothing(JsonNode value, String path) {
    if (value.isNull()) {
      return true;
    }
    if (isKubernetesOwn(path) || MEANT_WHEN_EMPTY.contains(path)) {
      return false;
    }
    var empty = value.isContainerNode() ? value.isEmpty() : value.asText().isEmpty();
    return empty || value.equals(MAPPER.valueToTree(DEFAULTS.get(path)));
  }

  /**
   * Inside Kubernetes' own types and the maps of labels nothing but null is without meaning: an
   * empty selector selects everything, an empty label is a label.
   */
  private static boolean isKubernetesOwn(String path) {
    return path.startsWith(OVERRIDES)
        && path.indexOf('/', OVERRIDES.length()) > 0
        && !isDirectlyBelow(POD_SECURITY, path)
        && !isDirectlyBelow(CONTAINER_SECURITY, path);
  }

  private static boolean isDirectlyBelow(String parent, String path) {
    return path.startsWith(parent) && path.indexOf('/', parent.length()) < 0;
  }

  /** Takes the place of the serializer that {@link Quantity} names itself. */
  @JsonSerialize(using = CanonicalQuantity.class)
  private interface CanonicallyWritten {}

  /** Writes {@code 1000m}, {@code 1} and {@code 1.0} alike: as a plain decimal in base units. */
  private static final class CanonicalQuantity extends StdSerializer<Quantity> {

    private static final long serialVersionUID = 1L;

    CanonicalQuantity() {
      super(Quantity.class);
    }

    @Override
    public void serialize(Quantity quantity, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(quantity.getNumericalAmount().stripTrailingZeros().toPlainString());
    }
  }
}
