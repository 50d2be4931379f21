package dev.agentservice.api.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;

/** How answers are written: snake case, with the fields that are null. */
public final class Json {

  private static final ObjectMapper ANSWERS =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private static final ObjectMapper WITHOUT_NULLS =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private Json() {}

  public static byte[] bytes(Object document) {
    try {
      return ANSWERS.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an answer that is no JSON", e);
    }
  }

  /** A part of a resource as an open object: what it does not say is left out; null is empty. */
  public static Map<String, Object> open(Object part) {
    return part == null
        ? Map.of()
        : WITHOUT_NULLS.convertValue(part, new TypeReference<Map<String, Object>>() {});
  }
}
