package dev.agentservice.api.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each request an id, and says afterwards what came of it: method, path, status, time. No
 * query, no header and no body is ever said.
 */
final class RequestLog implements Filter {

  static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");

  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final Pattern GIVEN_ID = Pattern.compile("[-._a-zA-Z0-9]{1,64}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");

  /** Those that are counted each: a caller can invent any number of others. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final MeterRegistry metrics;

  RequestLog(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    var id =
        request
            .headers()
            .first(REQUEST_ID)
            .filter(given -> GIVEN_ID.matcher(given).matches())
            .orElseGet(() -> UUID.randomUUID().toString());
    response.header(REQUEST_ID, id);
    var began = System.nanoTime();
    response.whenSent(
        () -> {
          var took = Duration.ofNanos(System.nanoTime() - began);
          var method = request.prologue().method().text();
          var route = request.matchingPattern().orElse("none");
          Timer.builder("agentservice.api.requests")
              .description("Answered requests, by method, route and status")
              .tag("method", METHODS.contains(method) ? method : "other")
              .tag("route", route)
              .tag("status", Integer.toString(response.status().code()))
              .publishPercentileHistogram()
              .register(metrics)
              .record(took);
          LOG.atInfo()
              .addKeyValue("request", id)
              .log(
                  "{} {} {} {} ms",
                  UNPRINTABLE.matcher(method).replaceAll("?"),
                  UNPRINTABLE.matcher(request.prologue().uriPath().rawPath()).replaceAll("?"),
                  response.status().code(),
                  took.toMillis());
        });
    chain.proceed();
  }
}
