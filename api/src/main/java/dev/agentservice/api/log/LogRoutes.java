package dev.agentservice.api.log;

import dev.agentservice.api.auth.Access;
import dev.agentservice.api.http.Answer;
import dev.agentservice.api.http.Call;
import dev.agentservice.api.http.Gate;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.api.service.Services;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code GET .../services/{id}/logs}. */
public final class LogRoutes implements HttpService {

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final int MAX_OFFSET = 100_000_000;

  private final Gate gate;
  private final Services services;
  private final LogReader reader;

  public LogRoutes(Gate gate, Services services, KubernetesClient client) {
    this.gate = gate;
    this.services = services;
    this.reader = new LogReader(client);
  }

  @Override
  public void routing(HttpRules rules) {
    var path = "/{deployment}/services/{id}/logs";
    rules.get(path, gate.openLarge(Access.READ_LOG, this::read)).any(path, Gate.only("GET"));
  }

  private Answer read(Call call) {
    call.onlyQuery(Set.of("offset", "limit", "cursor", "tail"));
    var tail = call.number("tail", 1, MAX_LIMIT);
    var offset = call.number("offset", 0, MAX_OFFSET);
    var cursor = call.query("cursor").map(LogPosition::parse);
    if (Stream.of(tail, offset, cursor).filter(Optional::isPresent).count() > 1) {
      throw new Problem(
          ErrorCode.INVALID_PARAMETER, "Only one of offset, cursor and tail can be given.");
    }
    var asked = call.number("limit", 1, MAX_LIMIT);
    var limit = tail.or(() -> asked).orElse(DEFAULT_LIMIT);
    var service = services.document(call, services.find(call));
    if (service.sandboxId() == null) {
      return Answer.ok(LogDocument.empty(limit));
    }
    var page =
        tail.isPresent()
            ? reader.tail(call.namespace(), service.sandboxId(), limit)
            : reader.after(
                call.namespace(), place(cursor, service.sandboxId()), offset.orElse(0), limit);
    return Answer.ok(LogDocument.of(page, service, limit));
  }

  /** A cursor into a former sandbox' log leads to the beginning of the current one's. */
  private static LogPosition place(Optional<LogPosition> cursor, String sandbox) {
    return cursor
        .filter(position -> position.sandbox().equals(sandbox))
        .orElseGet(() -> LogPosition.start(sandbox));
  }
}
