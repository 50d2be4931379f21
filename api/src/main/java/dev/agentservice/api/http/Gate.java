package dev.agentservice.api.http;

import dev.agentservice.api.auth.Access;
import dev.agentservice.api.auth.Authentication;
import dev.agentservice.api.auth.Authorization;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What every call goes through before it is done: who calls, and may it. */
public final class Gate {

  private final Authentication authentication;
  private final Authorization authorization;
  private final Set<String> namespaces;
  private final InFlight inFlight;

  /**
   * Lets in callers of these namespaces.
   *
   * @param namespaces empty: all
   * @param requestsAtOnce how many are worked on at a time
   */
  public Gate(
      Authentication authentication,
      Authorization authorization,
      Set<String> namespaces,
      int requestsAtOnce) {
    this.authentication = authentication;
    this.authorization = authorization;
    this.namespaces = namespaces;
    this.inFlight = new InFlight(requestsAtOnce);
  }

  /** For a path that was asked in another way than it answers. */
  public static Handler only(String methods) {
    return (_, response) -> {
      response.header(HeaderNames.ALLOW, methods);
      throw new Problem(ErrorCode.METHOD_NOT_ALLOWED);
    };
  }

  /** A call about no one object, such as a list. */
  public Handler open(Access access, Function<Call, Answer> call) {
    return open(access, null, call);
  }

  /**
   * A call about one object.
   *
   * @param name the part of the path that names it
   */
  public Handler open(Access access, String name, Function<Call, Answer> call) {
    return open(access, name, InFlight::isLarge, call);
  }

  /** A call about no one object, whose answer is large. */
  public Handler openLarge(Access access, Function<Call, Answer> call) {
    return open(access, null, _ -> true, call);
  }

  private Handler open(
      Access access, String name, Predicate<ServerRequest> large, Function<Call, Answer> call) {
    return (request, response) -> {
      var caller = authentication.caller(Call.values(request, HeaderNames.AUTHORIZATION));
      if (!namespaces.isEmpty() && !namespaces.contains(caller.namespace())) {
        throw new Problem(
            ErrorCode.FORBIDDEN, "Namespace " + caller.namespace() + " is not served here.");
      }
      inFlight.work(
          large.test(request),
          caller.namespace(),
          () -> {
            authorization.require(
                caller, access, name == null ? null : request.path().pathParameters().get(name));
            Answers.send(response, call.apply(new Call(request, caller, authorization)));
          });
    };
  }
}
