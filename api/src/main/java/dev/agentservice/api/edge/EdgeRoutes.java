package dev.agentservice.api.edge;

import dev.agentservice.v1alpha1.AgentService;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.SetCookie;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.util.List;

/**
 * What gateways ask: may this request pass, and what becomes of this link. Answers say where the
 * request is to go, so that a gateway that follows them cannot be led to another service than the
 * one that was checked.
 */
public final class EdgeRoutes implements HttpService {

  private static final HeaderName REASON = HeaderNames.create("X-Edge-Reason");
  private static final HeaderName SERVICE = HeaderNames.create("X-Edge-Service");
  private static final HeaderName PORT = HeaderNames.create("X-Edge-Port");

  private final Edge edge;
  private final MeterRegistry metrics;

  public EdgeRoutes(Edge edge, MeterRegistry metrics) {
    this.edge = edge;
    this.metrics = metrics;
  }

  @Override
  public void routing(HttpRules rules) {
    rules.any("/authorize", this::authorize).any("/exchange", this::exchange);
  }

  private void authorize(ServerRequest request, ServerResponse response) {
    var asked = EdgeRequest.of(name -> values(request, name));
    var decision = asked.map(edge::authorize).orElse(Decision.UNCLEAR);
    decision
        .service()
        .ifPresent(
            service -> {
              response
                  .header(SERVICE, host(service))
                  .header(PORT, Integer.toString(service.getStatus().port()));
              // there even where it is empty: a gateway then has something to put in its place
              response.header(HeaderNames.COOKIE, asked.orElseThrow().otherCookies());
            });
    send(response, decision);
  }

  private void exchange(ServerRequest request, ServerResponse response) {
    var asked = EdgeRequest.of(name -> values(request, name));
    var decision = asked.map(edge::exchange).orElse(Decision.UNCLEAR);
    var session = decision.service().flatMap(edge::session);
    if (session.isEmpty()) {
      send(response, decision);
      return;
    }
    var url = edge.urlOf(decision.service().orElseThrow());
    response
        .header(HeaderNames.SET_COOKIE, cookie(session.get()))
        .header(
            HeaderNames.LOCATION, url.resolve("/") + asked.orElseThrow().cleanUri().substring(1))
        .header(HeaderNames.create("Referrer-Policy"), "no-referrer");
    count(decision);
    response
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .header(REASON, decision.reason().word())
        .status(HttpURLConnection.HTTP_SEE_OTHER)
        .send();
  }

  private String cookie(String session) {
    return SetCookie.builder(EdgeRequest.COOKIE, session)
        .path("/")
        .secure(true)
        .httpOnly(true)
        // Strict would not come along where the link was clicked in a page elsewhere
        .sameSite(SetCookie.SameSite.LAX)
        .maxAge(edge.sessionLives())
        .build()
        .text();
  }

  private void send(ServerResponse response, Decision decision) {
    count(decision);
    response
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .header(REASON, decision.reason().word())
        .status(decision.reason().status())
        .send();
  }

  private void count(Decision decision) {
    metrics.counter("agentservice.edge.decisions", "reason", decision.reason().word()).increment();
  }

  private static String host(AgentService service) {
    var metadata = service.getMetadata();
    return metadata.getName() + "." + metadata.getNamespace() + ".svc";
  }

  private static List<String> values(ServerRequest request, String name) {
    var header = HeaderNames.create(name);
    return request.headers().contains(header)
        ? request.headers().get(header).allValues()
        : List.of();
  }
}
