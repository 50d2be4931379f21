package dev.agentservice.operator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Reads an object whose lists and maps are as small as they can be, and not to be changed. fabric8
 * gives each object a map for fields that it does not know, and a list or map for each field that
 * could have had one: empty ones were a quarter of what a service weighed in the caches.
 */
final class SmallCollections extends DelegatingDeserializer {

  private static final long serialVersionUID = 1L;

  private final transient List<Field> collections;

  SmallCollections(JsonDeserializer<?> all, Class<?> type) {
    super(all);
    collections =
        Arrays.stream(type.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .filter(field -> field.getType() == List.class || field.getType() == Map.class)
            .toList();
    collections.forEach(field -> field.setAccessible(true));
  }

  @Override
  protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> all) {
    return new SmallCollections(all, handledType());
  }

  @Override
  public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    var read = super.deserialize(parser, context);
    try {
      for (var field : collections) {
        field.set(read, small(field.get(read)));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e); // all were made accessible
    }
    return read;
  }

  /** One with nulls, which no API server should send, stays as it is. */
  private static Object small(Object collection) {
    return switch (collection) {
      case List<?> list when !list.contains(null) -> List.copyOf(list);
      case Map<?, ?> map when !map.containsValue(null) -> Map.copyOf(map);
      case null, default -> collection;
    };
  }
}
