package dev.agentservice.api.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.ProblemDocument;
import dev.agentservice.v1alpha1.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The description of the API (OpenAPI 3.1): openapi.yaml, completed with what the code knows, so
 * that no error answer and no phase can be forgotten in it.
 */
final class OpenApi {

  private static final String ERRORS = "x-errors";

  /** What any call can be answered with. */
  private static final List<ErrorCode> COMMON =
      List.of(
          ErrorCode.INVALID_REQUEST,
          ErrorCode.UNAUTHENTICATED,
          ErrorCode.FORBIDDEN,
          ErrorCode.NOT_FOUND,
          ErrorCode.INTERNAL,
          ErrorCode.KUBERNETES_UNAVAILABLE,
          ErrorCode.OVERLOADED);

  private OpenApi() {}

  static byte[] json() {
    try (var yaml = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
      var document = (ObjectNode) new YAMLMapper().readTree(yaml);
      var schemas = (ObjectNode) document.at("/components/schemas");
      words(schemas, "/Status", Arrays.stream(Phase.values()).map(Phase::word));
      words(
          schemas,
          "/Problem/properties/code",
          Arrays.stream(ErrorCode.values()).map(ErrorCode::code));
      operations(document).forEach(OpenApi::addErrors);
      return new ObjectMapper().writeValueAsBytes(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void words(ObjectNode schemas, String schema, Stream<String> words) {
    var list = ((ObjectNode) schemas.at(schema)).putArray("enum");
    words.forEach(list::add);
  }

  private static Stream<ObjectNode> operations(JsonNode document) {
    return StreamSupport.stream(document.get("paths").spliterator(), false)
        .flatMap(path -> Stream.of("get", "post").map(path::get))
        .flatMap(operation -> Optional.ofNullable((ObjectNode) operation).stream());
  }

  private static void addErrors(ObjectNode operation) {
    var own =
        StreamSupport.stream(operation.remove(ERRORS).spliterator(), false)
            .map(word -> ErrorCode.of(word.asText()));
    Map<Integer, List<ErrorCode>> byStatus =
        Stream.concat(own, COMMON.stream())
            .sorted()
            .collect(Collectors.groupingBy(ErrorCode::status, TreeMap::new, Collectors.toList()));
    var responses = (ObjectNode) operation.get("responses");
    byStatus.forEach(
        (status, codes) -> {
          var response = responses.putObject(Integer.toString(status));
          response.put(
              "description",
              codes.stream()
                  .map(code -> "`%s`: %s".formatted(code.code(), code.meaning()))
                  .collect(Collectors.joining("\n\n")));
          if (codes.stream().anyMatch(ErrorCode::retryable)) {
            var header = response.putObject("headers").putObject("Retry-After");
            header.put("description", "Seconds to wait");
            header.putObject("schema").put("type", "string");
          }
          response
              .putObject("content")
              .putObject(ProblemDocument.MEDIA_TYPE)
              .putObject("schema")
              .put("$ref", "#/components/schemas/Problem");
        });
  }
}
