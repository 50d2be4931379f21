package dev.agentservice.api.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a request's body token by token: values never come to rest in a tree that could print, and
 * no parser's message, which quotes what it read, goes anywhere.
 */
final class JsonBody {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private JsonBody() {}

  /** Takes a field if it knows it. */
  @FunctionalInterface
  interface Field {
    boolean read(String name, JsonParser parser) throws IOException;
  }

  /**
   * Reads one object, field by field.
   *
   * @throws Problem {@code invalid_json}, or {@code invalid_body} for a field that nobody takes
   */
  static void read(byte[] body, Field field) {
    try (var parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw invalidJson();
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        var name = parser.currentName();
        parser.nextToken();
        if (!field.read(name, parser)) {
          throw new Problem(
              ErrorCode.INVALID_BODY, "The field " + Quoted.name(name) + " is unknown.");
        }
      }
      if (parser.nextToken() != null) {
        throw invalidJson();
      }
    } catch (IOException _) {
      throw invalidJson();
    }
  }

  /** A string, or null. */
  static String stringOrNull(String field, JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_STRING -> text(field, parser.getText());
      default -> throw wrongType(field + " must be a string or null.");
    };
  }

  /** JSON can say half of a surrogate pair; UTF-8 cannot. */
  private static String text(String field, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw wrongType(field + " contains half a character.");
    }
    return text;
  }

  /** True or false; null is false. */
  static boolean flag(String field, JsonParser parser) {
    return switch (parser.currentToken()) {
      case VALUE_NULL, VALUE_FALSE -> false;
      case VALUE_TRUE -> true;
      default -> throw wrongType(field + " must be true or false.");
    };
  }

  /** An object of strings; null where it is null. */
  static EnvValues envs(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrongType("envs must be an object of strings.");
    }
    Map<String, String> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw wrongType("envs: the value of " + Quoted.name(name) + " must be a string.");
      }
      values.put(name, parser.getText());
    }
    return EnvValues.of(values);
  }

  private static Problem wrongType(String detail) {
    return new Problem(ErrorCode.INVALID_BODY, detail);
  }

  private static Problem invalidJson() {
    return new Problem(ErrorCode.INVALID_JSON);
  }
}
