package dev.agentservice.api.edge;

import dev.agentservice.api.edge.Claims.Use;
import dev.agentservice.v1alpha1.AgentService;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a request may pass.
 *
 * @param service whose it is, where it may
 */
record Decision(EdgeReason reason, Optional<AgentService> service) {

  /** The gateway does not say which request it asks about. */
  static final Decision UNCLEAR = refused(EdgeReason.AMBIGUOUS_REQUEST);

  /**
   * What is known when a request is asked about.
   *
   * @param heard whether Kubernetes was heard of lately, and the keys are there
   * @param owners the services whose own host it is
   * @param keys gives the key of an id
   */
  record Known(
      PublicAddress address,
      boolean heard,
      List<AgentService> owners,
      Function<String, Optional<byte[]>> keys,
      Instant now) {}

  /** How a token came. */
  private enum Carrier {
    HEADER,
    COOKIE,
    QUERY;

    /** A program has the link's token only; a browser is to keep the session's alone. */
    boolean takes(Use use) {
      return switch (this) {
        case HEADER -> true;
        case COOKIE -> use == Use.SESSION;
        case QUERY -> use == Use.LINK;
      };
    }
  }

  /** A request that is to go to an agent. */
  static Decision authorize(EdgeRequest request, Known known) {
    if (request.hasTokenInQuery()) {
      return refused(EdgeReason.TOKEN_IN_QUERY);
    }
    return request.headerTokens().isEmpty()
        ? decide(request, known, request.cookieTokens(), Carrier.COOKIE)
        : decide(request, known, request.headerTokens(), Carrier.HEADER);
  }

  /** A link that is opened. */
  static Decision exchange(EdgeRequest request, Known known) {
    return request.isExchange()
        ? decide(request, known, request.queryTokens(), Carrier.QUERY)
        : refused(EdgeReason.TOKEN_IN_QUERY);
  }

  private static Decision decide(
      EdgeRequest request, Known known, List<String> tokens, Carrier carrier) {
    if (tokens.size() != 1) {
      return refused(tokens.isEmpty() ? EdgeReason.NO_TOKEN : EdgeReason.AMBIGUOUS_TOKEN);
    }
    if (!known.heard()) {
      return refused(EdgeReason.NOT_KNOWN_NOW);
    }
    return switch (EdgeToken.read(tokens.getFirst(), known.keys(), known.now())) {
      case EdgeToken.Reading.Refused(EdgeReason reason) -> refused(reason);
      case EdgeToken.Reading.Valid(Claims claims) when !carrier.takes(claims.use()) ->
          refused(EdgeReason.WRONG_USE);
      case EdgeToken.Reading.Valid(Claims claims) -> decide(request, known, claims, carrier);
    };
  }

  private static Decision decide(EdgeRequest request, Known known, Claims claims, Carrier carrier) {
    var live =
        known.owners().stream()
            .filter(service -> known.address().hostOf(service).equals(request.host()))
            .filter(service -> known.address().urlOf(service).isPresent())
            .toList();
    if (live.size() != 1) {
      return refused(EdgeReason.NOT_SERVED);
    }
    var service = live.getFirst();
    if (!claims.isOf(service)) {
      return refused(EdgeReason.OTHER_SERVICE);
    }
    if (claims.port() != service.getStatus().port()) {
      return refused(EdgeReason.OTHER_PORT);
    }
    if (!claims.epoch().equals(Claims.epoch(service))) {
      return refused(EdgeReason.REVOKED);
    }
    var url = known.address().urlOf(service).orElseThrow();
    return carrier == Carrier.COOKIE && !comesFromItself(request, url)
        ? refused(EdgeReason.FOREIGN_ORIGIN)
        : new Decision(EdgeReason.OK, Optional.of(service));
  }

  /**
   * A browser sends the cookie along whoever makes it ask, and says who that is: always with a
   * WebSocket, and with all that may change something. What says nothing may only read.
   */
  private static boolean comesFromItself(EdgeRequest request, URI url) {
    return request.origins().isEmpty()
        ? request.isSafe()
        : request.origins().equals(List.of(PublicAddress.origin(url)));
  }

  private static Decision refused(EdgeReason reason) {
    return new Decision(reason, Optional.empty());
  }
}
