package dev.agentservice.api.http;

import dev.agentservice.api.auth.Access;
import dev.agentservice.api.auth.Authorization;
import dev.agentservice.api.auth.Caller;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One request of a known caller. It prints nothing of itself. */
public final class Call {

  /** The largest body. */
  static final int MAX_BODY_BYTES = 1024 * 1024;

  /** How long a body may take to arrive, however many bytes come at a time. */
  private static final Duration BODY_MAY_TAKE = Duration.ofSeconds(20);

  /** As JSON writes one: no sign, and no digits of other scripts. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerRequest request;
  private final Caller caller;
  private final Authorization authorization;

  Call(ServerRequest request, Caller caller, Authorization authorization) {
    this.request = request;
    this.caller = caller;
    this.authorization = authorization;
  }

  public Caller caller() {
    return caller;
  }

  public String namespace() {
    return caller.namespace();
  }

  /** Whether the caller may do what the path's own permission does not cover. */
  public boolean may(Access access, String name) {
    return authorization.allows(caller, access, name);
  }

  /** A part of the path, decoded. */
  public String path(String parameter) {
    return request.path().pathParameters().get(parameter);
  }

  /** All values of a header, in their order. */
  public List<String> header(String name) {
    return values(request, HeaderNames.create(name));
  }

  static List<String> values(ServerRequest request, HeaderName name) {
    return request.headers().contains(name) ? request.headers().get(name).allValues() : List.of();
  }

  /**
   * A query parameter that may be there once.
   *
   * @throws Problem {@code invalid_parameter}
   */
  public Optional<String> query(String name) {
    if (!request.query().contains(name)) {
      return Optional.empty();
    }
    var values = request.query().all(name);
    if (values.size() != 1) {
      throw new Problem(ErrorCode.INVALID_PARAMETER, name + " is there more than once.");
    }
    return Optional.of(values.getFirst());
  }

  /** A query parameter that is a whole number between two others. */
  public Optional<Integer> number(String name, int least, int most) {
    return query(name)
        .map(
            text -> {
              if (NUMBER.matcher(text).matches()) {
                var number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                  return number;
                }
              }
              throw new Problem(
                  ErrorCode.INVALID_PARAMETER,
                  "%s must be a whole number from %d to %d.".formatted(name, least, most));
            });
  }

  /** The parameter {@code limit} of a list. */
  public int limit() {
    return number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT);
  }

  /** Refuses query parameters that mean nothing here: a misspelt filter would filter nothing. */
  public void onlyQuery(Set<String> known) {
    request.query().names().stream()
        .filter(name -> !known.contains(name))
        .findAny()
        .ifPresent(
            name -> {
              throw new Problem(
                  ErrorCode.INVALID_PARAMETER,
                  "There is no such query parameter here. Known: "
                      + String.join(", ", known.stream().sorted().toList()));
            });
  }

  /**
   * The body, which must be JSON by its type; empty where there is none.
   *
   * @throws Problem {@code body_too_large}, {@code unsupported_media_type} or {@code
   *     request_timeout}
   */
  public byte[] body() {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    if (request.headers().contentLength().orElse(0) > MAX_BODY_BYTES) {
      throw new Problem(ErrorCode.BODY_TOO_LARGE);
    }
    // not parsed: what comes after the type may be anything
    var isJson =
        request
            .headers()
            .first(HeaderNames.CONTENT_TYPE)
            .map(type -> type.split(";", 2)[0].strip().equalsIgnoreCase("application/json"))
            .orElse(true);
    if (!isJson) {
      throw new Problem(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }
    var deadline = System.nanoTime() + BODY_MAY_TAKE.toNanos();
    var body = new ByteArrayOutputStream();
    var buffer = new byte[BUFFER_BYTES];
    try (var stream = request.content().inputStream()) {
      for (var read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        body.write(buffer, 0, read);
        if (body.size() > MAX_BODY_BYTES) {
          throw new Problem(ErrorCode.BODY_TOO_LARGE);
        }
        if (System.nanoTime() > deadline) {
          throw new Problem(ErrorCode.REQUEST_TIMEOUT);
        }
      }
    } catch (IOException | UncheckedIOException _) {
      throw new Problem(ErrorCode.REQUEST_TIMEOUT);
    } catch (IllegalArgumentException | DataReader.InsufficientDataAvailableException _) {
      throw new Problem(ErrorCode.INVALID_REQUEST, "The body ends or is cut up as it may not.");
    }
    return body.toByteArray();
  }
}
