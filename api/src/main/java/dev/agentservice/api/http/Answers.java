package dev.agentservice.api.http;

import dev.agentservice.api.catalog.ClusterAnswer;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.api.problem.ProblemDocument;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.util.Arrays;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers: documents, and problems however they came about. */
final class Answers {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final String RETRY_AFTER_SECONDS = "1";
  private static final String JSON = MediaTypes.APPLICATION_JSON_VALUE;

  private Answers() {}

  static void send(ServerResponse response, Answer answer) {
    answer.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    response
        .status(answer.status())
        .header(HeaderNames.CONTENT_TYPE, JSON)
        // answers may carry a URL with a credential
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(Json.bytes(answer.document()));
  }

  /** Errors of handlers. What is not a problem by our own word is told as one that says nothing. */
  static void register(HttpRouting.Builder routing) {
    routing.error(
        Problem.class,
        (_, response, problem) -> send(response, problem.code(), problem.getMessage()));
    routing.error(
        KubernetesClientException.class,
        (_, response, e) -> {
          if (ClusterAnswer.isUnavailable(e)) {
            LOG.atWarn()
                .addKeyValue("request", requestId(response))
                .log("Kubernetes: HTTP {}: {}", e.getCode(), cause(e));
            send(response, ErrorCode.KUBERNETES_UNAVAILABLE);
          } else {
            internal(response, e);
          }
        });
    // what Helidon finds wrong with a request while a handler reads it
    routing.error(
        HttpException.class,
        (_, response, e) -> {
          if (e.status().code() < ErrorCode.INTERNAL.status()) {
            send(response, code(e.status().code()));
          } else {
            internal(response, e);
          }
        });
    routing.error(Throwable.class, (_, response, e) -> internal(response, e));
  }

  /** Errors before there is a handler: what is no HTTP, or too large a head. */
  static DirectHandlers direct() {
    var handlers = DirectHandlers.builder();
    Arrays.stream(DirectHandler.EventType.values())
        .forEach(type -> handlers.addHandler(type, Answers::direct));
    return handlers.build();
  }

  private static DirectHandler.TransportResponse direct(
      DirectHandler.TransportRequest request,
      DirectHandler.EventType type,
      io.helidon.http.Status status,
      ServerResponseHeaders headers,
      String message) {
    var code = code(status.code());
    var id = UUID.randomUUID().toString();
    headers.set(HeaderNames.CONTENT_TYPE, ProblemDocument.MEDIA_TYPE);
    headers.set(RequestLog.REQUEST_ID, id);
    return DirectHandler.TransportResponse.builder()
        .status(io.helidon.http.Status.create(code.status()))
        .headers(headers)
        .keepAlive(type.keepAlive())
        .entity(Json.bytes(ProblemDocument.of(code, code.meaning(), id)))
        .build();
  }

  private static ErrorCode code(int status) {
    return Arrays.stream(ErrorCode.values())
        .filter(known -> known.status() == status)
        .findFirst()
        .orElse(ErrorCode.INVALID_REQUEST);
  }

  static void send(ServerResponse response, ErrorCode code) {
    send(response, code, code.meaning());
  }

  private static void send(ServerResponse response, ErrorCode code, String detail) {
    if (code == ErrorCode.UNAUTHENTICATED) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"agentservice\"");
    }
    if (code.retryable()) {
      response.header(HeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response
        .status(code.status())
        .header(HeaderNames.CONTENT_TYPE, ProblemDocument.MEDIA_TYPE)
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(Json.bytes(ProblemDocument.of(code, detail, requestId(response))));
  }

  /** Only the kind of the failure and where it was: its message may quote what was sent. */
  private static void internal(ServerResponse response, Throwable e) {
    LOG.atError()
        .addKeyValue("request", requestId(response))
        .log("failed: {} at {}", cause(e), Arrays.stream(e.getStackTrace()).limit(8).toList());
    send(response, ErrorCode.INTERNAL);
  }

  private static String cause(Throwable e) {
    return e.getClass().getSimpleName()
        + (e instanceof KubernetesClientException answer ? " HTTP " + answer.getCode() : "")
        + (e.getCause() == null ? "" : " by " + e.getCause().getClass().getSimpleName());
  }

  private static String requestId(ServerResponse response) {
    return response.headers().first(RequestLog.REQUEST_ID).orElse("");
  }
}
