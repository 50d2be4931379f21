package dev.agentservice.operator.metrics;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A request as RBAC sees it, without the names in it.
 *
 * @param resource with its subresource, such as {@code agentservices/status}; {@code none} for what
 *     is no resource
 */
public record KubernetesRequest(String verb, String resource) {

  private static final String NO_RESOURCE = "none";
  private static final Set<String> READS = Set.of("get", "list", "watch");
  private static final String NAMESPACES = "namespaces";

  /** Reads it from an HTTP request. */
  public static KubernetesRequest of(String method, URI uri) {
    var path = inGroup(Arrays.stream(uri.getPath().split("/")).filter(s -> !s.isEmpty()).toList());
    if (path.isEmpty()) {
      return new KubernetesRequest(method.toLowerCase(Locale.ROOT), NO_RESOURCE);
    }
    var resource = path.size() > 2 ? path.get(0) + "/" + path.get(2) : path.get(0);
    return new KubernetesRequest(verb(method, path.size() > 1, uri.getQuery()), resource);
  }

  /** Whether it may change something. */
  public boolean isWrite() {
    return !READS.contains(verb);
  }

  /** What comes after group, version and namespace: a resource, a name, a subresource. */
  private static List<String> inGroup(List<String> path) {
    var prefix = path.isEmpty() ? 0 : path.getFirst().equals("api") ? 2 : 3;
    if (path.size() <= prefix
        || !(path.getFirst().equals("api") || path.getFirst().equals("apis"))) {
      return List.of();
    }
    var rest = path.subList(prefix, path.size());
    var isNamespaced = rest.getFirst().equals(NAMESPACES) && rest.size() > 2;
    return isNamespaced ? rest.subList(2, rest.size()) : rest;
  }

  private static String verb(String method, boolean named, String query) {
    return switch (method) {
      case "GET" -> named ? "get" : isWatch(query) ? "watch" : "list";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "DELETE" -> named ? "delete" : "deletecollection";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }

  private static boolean isWatch(String query) {
    return query != null && List.of(query.split("&")).contains("watch=true");
  }
}
