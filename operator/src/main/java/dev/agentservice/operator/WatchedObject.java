package dev.agentservice.operator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the object of a watch event as it comes. fabric8 makes a tree of all of it first, for only
 * then is it known what it is; the API server says that in the first two fields, and half of what
 * follows is not wanted.
 */
final class WatchedObject extends JsonDeserializer<Object> {

  /**
   * All that this operator watches, and what a watch ends with. fabric8 would know every kind there
   * is, and for that load and instantiate all of them.
   */
  private static final Map<String, Class<? extends KubernetesResource>> TYPES =
      Stream.of(
              AgentDeployment.class,
              AgentVersion.class,
              AgentService.class,
              Pod.class,
              Service.class,
              EndpointSlice.class,
              NetworkPolicy.class,
              HTTPRoute.class,
              Ingress.class,
              Status.class)
          .collect(
              Collectors.toMap(
                  type -> key(HasMetadata.getApiVersion(type), HasMetadata.getKind(type)),
                  Function.identity()));

  private static final String API_VERSION = "apiVersion";
  private static final String KIND = "kind";

  /** To be mixed into fabric8's WatchEvent. */
  abstract static class Mixin {

    @JsonDeserialize(using = WatchedObject.class)
    abstract void setObject(Object object);
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    String apiVersion = null;
    String kind = null;
    var field = parser.nextFieldName();
    while (API_VERSION.equals(field) || KIND.equals(field)) {
      var value = parser.nextTextValue();
      apiVersion = API_VERSION.equals(field) ? value : apiVersion;
      kind = KIND.equals(field) ? value : kind;
      field = parser.nextFieldName();
    }
    var type = TYPES.get(key(apiVersion, kind));
    if (type != null && parser.hasToken(JsonToken.FIELD_NAME)) {
      return context.readValue(parser, type); // the rest of it: it knows its own kind
    }
    ObjectNode whole = context.getNodeFactory().objectNode();
    if (parser.hasToken(JsonToken.FIELD_NAME)) {
      whole.setAll((ObjectNode) context.readTree(parser));
    }
    whole.putIfAbsent(API_VERSION, whole.textNode(apiVersion));
    whole.putIfAbsent(KIND, whole.textNode(kind));
    var said = key(whole.path(API_VERSION).asText(), whole.path(KIND).asText());
    return parser
        .getCodec()
        .treeToValue(whole, TYPES.getOrDefault(said, GenericKubernetesResource.class));
  }

  private static String key(String apiVersion, String kind) {
    return apiVersion + " " + kind;
  }
}
