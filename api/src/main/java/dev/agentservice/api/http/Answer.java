package dev.agentservice.api.http;

import java.util.Map;

/** What a call is answered with. */
public record Answer(int status, Object document, Map<String, String> headers) {

  public static Answer ok(Object document) {
    return new Answer(200, document, Map.of());
  }

  public static Answer created(Object document, Map<String, String> headers) {
    return new Answer(201, document, headers);
  }
}
