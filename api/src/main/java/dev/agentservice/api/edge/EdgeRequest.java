package dev.agentservice.api.edge;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The request that a gateway asks about, as its headers tell. A client may send these headers too:
 * the gateway sets them anew, and one that is there twice is believed in neither form.
 *
 * @param uri path and query, as the client sent them
 * @param origins all that the client says of where the request comes from
 * @param upgrade whether it asks for another protocol, such as WebSocket
 * @param headerTokens tokens that a program sent
 * @param cookies what the client sent of cookies, one string for each
 */
record EdgeRequest(
    String method,
    String host,
    String uri,
    List<String> origins,
    boolean upgrade,
    List<String> headerTokens,
    List<String> cookies) {

  static final String TOKEN_HEADER = "X-Edge-Token";
  static final String QUERY_PARAMETER = "edge_token";

  /** A browser takes a cookie of this prefix from the host itself only, over TLS, for all paths. */
  static final String COOKIE = "__Host-edge_token";

  private static final Pattern VISIBLE = Pattern.compile("[!-~]+");
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

  /**
   * Reads it.
   *
   * @param headers gives all values of a header
   */
  static Optional<EdgeRequest> of(Function<String, List<String>> headers) {
    var method = one(headers.apply("X-Forwarded-Method"));
    var host = one(headers.apply("X-Forwarded-Host"));
    var uri = one(headers.apply("X-Forwarded-Uri")).filter(text -> text.startsWith("/"));
    if (method.isEmpty() || host.isEmpty() || uri.isEmpty() || host.get().contains(",")) {
      return Optional.empty();
    }
    return Optional.of(
        new EdgeRequest(
            method.get(),
            PublicAddress.normalised(host.get()),
            uri.get(),
            headers.apply("Origin"),
            isUpgrade(headers),
            headers.apply(TOKEN_HEADER),
            headers.apply("Cookie").stream()
                .flatMap(header -> Arrays.stream(header.split(";", -1)))
                .map(String::strip)
                .filter(cookie -> !cookie.isEmpty())
                .toList()));
  }

  private static Optional<String> one(List<String> values) {
    return values.size() == 1
        ? Optional.of(values.getFirst()).filter(value -> VISIBLE.matcher(value).matches())
        : Optional.empty();
  }

  /**
   * Gateways drop a client's Upgrade header, or send it on under a name that they need not obey.
   */
  private static boolean isUpgrade(Function<String, List<String>> headers) {
    return List.of("Upgrade", "X-Forwarded-Upgrade", "Sec-WebSocket-Key").stream()
        .anyMatch(name -> headers.apply(name).stream().anyMatch(value -> !value.isBlank()));
  }

  boolean isSafe() {
    return SAFE.contains(method) && !upgrade;
  }

  boolean isExchange() {
    return method.equals("GET") || method.equals("HEAD");
  }

  List<String> cookieTokens() {
    return cookies.stream()
        .filter(EdgeRequest::isOurs)
        .map(cookie -> cookie.substring(COOKIE.length() + 1))
        .toList();
  }

  /** What of the cookies is the agent's business. */
  String otherCookies() {
    return String.join("; ", cookies.stream().filter(cookie -> !isOurs(cookie)).toList());
  }

  private static boolean isOurs(String cookie) {
    return cookie.startsWith(COOKIE + "=");
  }

  /**
   * However it is written: what looks like a token's parameter to anybody is none for the agent.
   */
  boolean hasTokenInQuery() {
    return parameters().stream().anyMatch(EdgeRequest::isToken);
  }

  List<String> queryTokens() {
    return parameters().stream()
        .filter(EdgeRequest::isToken)
        .map(parameter -> parameter.substring(parameter.indexOf('=') + 1))
        .toList();
  }

  /** Path and query without the token. The path begins with one slash, whatever was sent. */
  String cleanUri() {
    var path = uri.split("[?#]", 2)[0].replaceFirst("^[/\\\\]+", "/");
    var rest = parameters().stream().filter(parameter -> !isToken(parameter)).toList();
    return rest.isEmpty() ? path : path + "?" + String.join("&", rest);
  }

  private List<String> parameters() {
    var query = uri.indexOf('?');
    return query < 0 ? List.of() : List.of(uri.substring(query + 1).split("[&;]", -1));
  }

  private static boolean isToken(String parameter) {
    return decoded(parameter.split("=", 2)[0])
        .strip()
        .toLowerCase(Locale.ROOT)
        .equals(QUERY_PARAMETER);
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) { // what cannot be decoded names no parameter
      return name;
    }
  }
}
