package dev.agentservice.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Requests that come to a gateway, and what each must come to. */
final class Visits {

  /** Caddy does not tell the reason of what it lets through: the agent answers. */
  private static final String PASSED = "200 ";

  /**
   * One request.
   *
   * @param server the name that TLS is asked for
   * @param outcomes status and reason, any of these; a gateway that refuses by itself has no reason
   */
  record Visit(String what, String server, String head, List<String> outcomes) {}

  private Visits() {}

  static Stream<Visit> of(PublicService shop, PublicService sibling, PublicService namesake) {
    var token = "X-Edge-Token: " + shop.token();
    var cookie = "Cookie: " + shop.session();
    var own = "Origin: " + shop.origin();
    var late = "X-Edge-Token: " + shop.forged("expires", 1);
    var otherPort = "X-Edge-Token: " + shop.forged("port", 9999);
    var unknownKey = token.replaceFirst("1\\.[^.]+\\.", "1.19990101T000000Z.");
    var link = "/?edge_token=" + shop.token();
    return Stream.of(
        visit("no token", shop, shop.request("GET", "/"), "401 no_token"),
        visit("a token", shop, shop.request("GET", "/", token), "200 ok"),
        visit("a session", shop, shop.request("GET", "/", cookie), "200 ok"),
        visit("late", shop, shop.request("GET", "/", late), "401 expired"),
        visit("another port", shop, shop.request("GET", "/", otherPort), "403 other_port"),
        visit("an unknown key", shop, shop.request("GET", "/", unknownKey), "401 unknown_key"),
        visit("at a sibling", sibling, sibling.request("GET", "/", token), "403 other_service"),
        visit("at a namesake", namesake, namesake.request("GET", "/", token), "403 other_service"),
        visit("two tokens", shop, shop.request("GET", "/", token, token), "401 ambiguous_token"),

        // paths
        visit("//", shop, shop.request("GET", "//"), "401 no_token"),
        visit("dots", shop, shop.request("GET", "/a/../"), "401 no_token"),
        visit("encoded dots", shop, shop.request("GET", "/%2e%2e/%2e/"), "401 no_token", "400 "),
        visit("encoded slash", shop, shop.request("GET", "/a%2f..%2f"), "401 no_token"),
        visit(
            "the authorizer's path", shop, shop.request("GET", "/edge/authorize"), "401 no_token"),
        visit("the exchange's path", shop, shop.request("GET", "/edge/exchange"), "401 no_token"),
        visit(
            "the gateway's own path",
            shop,
            shop.request("GET", "/edge-authorize"),
            "401 no_token",
            "404 "),
        visit(
            "a whole URL",
            shop,
            shop.request("GET", "https://" + shop.host() + "/"),
            "401 no_token",
            "400 "),

        // hosts
        visit(
            "host in capitals", shop, head(shop.host().toUpperCase(Locale.ROOT), token), "200 ok"),
        visit("host with a dot", shop, head(shop.host() + ".", token), "200 ok", "421 "),
        visit("host with a port", shop, head(shop.host() + ":" + Gateway.PORT, token), "200 ok"),
        visit("two hosts", shop, head(shop.host() + "\r\nHost: " + sibling.host(), token), "400 "),
        visit(
            "TLS for one, HTTP for another",
            shop,
            head(sibling.host(), token),
            "403 other_service",
            "421 "),
        visit(
            "no service's host",
            shop,
            head("agents.example.com", token),
            "421 ",
            "200 ",
            "403 not_served"),

        // what only the gateway may say
        visit(
            "another host, by header",
            sibling,
            sibling.request("GET", "/", token, "X-Forwarded-Host: " + shop.host()),
            "403 other_service"),
        visit(
            "another path, by header",
            shop,
            shop.request(
                "GET", link.replace("edge_token", "Edge%5Ftoken"), cookie, "X-Forwarded-Uri: /"),
            "403 token_in_query",
            "303 ok"),
        visit(
            "another method, by header",
            shop,
            shop.request("POST", "/ask", cookie, "Content-Length: 0", "X-Forwarded-Method: GET"),
            "403 foreign_origin"),
        visit(
            "the authorizer's answer, by header",
            sibling,
            sibling.request("GET", "/", "X-Edge-Reason: ok", "X-Edge-Service: x", "X-Edge-Port: 1"),
            "401 no_token"),

        // who makes a browser ask
        visit(
            "a post of its own page",
            shop,
            shop.request("POST", "/debug/request", cookie, own, "Content-Length: 0"),
            "200 ok"),
        visit(
            "a post of a sibling's page",
            shop,
            shop.request(
                "POST", "/ask", cookie, "Origin: " + sibling.origin(), "Content-Length: 0"),
            "403 foreign_origin"),
        visit(
            "a post from nowhere",
            shop,
            shop.request("POST", "/ask", cookie, "Content-Length: 0"),
            "403 foreign_origin"),

        // links
        visit("a link", shop, shop.request("GET", link), "303 ok"),
        visit(
            "a link, posted to",
            shop,
            shop.request("POST", link, "Content-Length: 0"),
            "403 token_in_query"),
        visit(
            "two links",
            shop,
            shop.request("GET", link + link.replace("/?", "&")),
            "401 ambiguous_token"),
        visit("a link of a sibling", sibling, sibling.request("GET", link), "403 other_service"),
        visit(
            "a link late",
            shop,
            shop.request("GET", "/?edge_token=" + shop.forged("expires", 1)),
            "401 expired"));
  }

  private static String head(String host, String header) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + header;
  }

  private static Visit visit(String what, PublicService at, String head, String... outcomes) {
    var all = new ArrayList<>(List.of(outcomes));
    if (all.contains("200 ok")) {
      all.add(PASSED);
    }
    return new Visit(what, at.host(), head, all);
  }
}
