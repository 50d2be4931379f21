package dev.agentservice.e2e;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;

/** Somebody with a bearer key for the HTTP API. All paths are below the calls' common prefix. */
record ApiCaller(URI api, String token) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** An answer; its headers are asked for one by one. */
  record Answer(int status, JsonNode body, Map<String, String> headers) {

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  /**
   * Posts.
   *
   * @param body what is sent as JSON; it is not part of any failure's text
   */
  Answer post(String path, String idempotencyKey, Map<String, ?> body) {
    return send(
        request(path)
            .header("Idempotency-Key", idempotencyKey)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Serialization.asJson(body))));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(api.resolve("/v1/agent-deployments" + path))
        .header("Authorization", "Bearer " + token);
  }

  private static Answer send(HttpRequest.Builder request) {
    try {
      var response = HTTP.send(request.build(), BodyHandlers.ofString());
      var headers =
          response.headers().map().entrySet().stream()
              .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().getFirst()));
      return new Answer(
          response.statusCode(), Serialization.unmarshal(response.body(), JsonNode.class), headers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return "ApiCaller[" + api + "]";
  }
}
