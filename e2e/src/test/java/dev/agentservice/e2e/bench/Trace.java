package dev.agentservice.e2e.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One start as the API server saw it: every request about it, whoever made it. */
record Trace(List<AuditLog.Request> requests) {

  static Trace of(String service, List<AuditLog.Request> requests) {
    return new Trace(
        requests.stream()
            .filter(request -> request.name().startsWith(service) && !request.isUpkeep())
            .filter(request -> !request.resource().equals("events"))
            .sorted((one, other) -> one.from().compareTo(other.from()))
            .toList());
  }

  /** By milliseconds since the first request came. */
  List<Map<String, Object>> inMillis() {
    return requests.stream()
        .map(
            request -> {
              Map<String, Object> line = new LinkedHashMap<>();
              line.put("who", who(request.user()));
              line.put("what", request.kind());
              line.put("from_ms", millis(request.from()));
              line.put("to_ms", millis(request.to()));
              return line;
            })
        .toList();
  }

  private double millis(Instant time) {
    return Duration.between(requests.getFirst().from(), time).toNanos() / 1e6;
  }

  private static String who(String user) {
    var name = user.substring(user.lastIndexOf(':') + 1);
    return switch (name) {
      case "agentservice-operator" -> "operator";
      case "kubernetes-admin", "admin" -> "user";
      default -> name;
    };
  }
}
