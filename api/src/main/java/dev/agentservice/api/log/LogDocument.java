package dev.agentservice.api.log;

import dev.agentservice.api.service.ServiceDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A part of an agent's log.
 *
 * @param offset how many lines came before the first event here; with {@code tail} always 0
 * @param nextCursor where to go on, also when there is no more yet; null where nothing was read
 */
public record LogDocument(
    List<Event> events, int offset, int limit, boolean hasMore, String nextCursor) {

  /**
   * One line.
   *
   * @param source always {@code agent}
   * @param level always {@code info}: what a line means, its agent knows
   * @param eventType always {@code log}
   * @param metadata always empty
   * @param createdAt when it was written, RFC 3339
   */
  public record Event(
      String id,
      String deploymentId,
      String versionId,
      String serviceInstanceId,
      String sandboxId,
      Long processId,
      String source,
      String level,
      String eventType,
      String message,
      Map<String, Object> metadata,
      String createdAt) {}

  static LogDocument empty(int limit) {
    return new LogDocument(List.of(), 0, limit, false, null);
  }

  static LogDocument of(LogPage page, ServiceDocument service, int limit) {
    var events = new ArrayList<Event>();
    for (var index = 0; index < page.lines().size(); index++) {
      var line = page.lines().get(index);
      var position = page.positions().get(index);
      events.add(
          new Event(
              // the same whenever the line is read, also after older ones were thrown away
              "%s/%s/%d".formatted(position.sandbox(), position.time(), position.within()),
              service.deploymentId(),
              service.versionId(),
              service.id(),
              position.sandbox(),
              service.processId(),
              "agent",
              "info",
              "log",
              line.message(),
              Map.of(),
              line.time()));
    }
    return new LogDocument(events, page.first(), limit, page.hasMore(), page.end().cursor());
  }
}
