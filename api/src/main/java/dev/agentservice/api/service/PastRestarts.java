package dev.agentservice.api.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The last restarts that this API asked for, with what is remembered of their payloads: a call that
 * comes again restarts nothing, also when another restart came between.
 */
final class PastRestarts {

  private static final int REMEMBERED = 16;

  /** Oldest first. */
  private final Map<String, Entry> entries;

  private PastRestarts(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /**
   * One restart.
   *
   * @param superseded the Secret that is awaited no more since then; null where there is none
   */
  private record Entry(String fingerprint, String superseded) {

    static Entry parse(String text) {
      var slash = text.indexOf('/');
      return slash < 0
          ? new Entry(text, null)
          : new Entry(text.substring(0, slash), text.substring(slash + 1));
    }

    String text() {
      return superseded == null ? fingerprint : fingerprint + "/" + superseded;
    }
  }

  /** Reads the annotation; what is not ours in it is dropped. */
  static PastRestarts of(AgentService service) {
    var text = service.getMetadata().getAnnotations().getOrDefault(Names.RESTARTS_ANNOTATION, "");
    var entries = new LinkedHashMap<String, Entry>();
    for (var entry : text.split(" ", -1)) {
      var equals = entry.indexOf('=');
      if (equals > 0) {
        entries.put(entry.substring(0, equals), Entry.parse(entry.substring(equals + 1)));
      }
    }
    return new PastRestarts(entries);
  }

  Optional<Fingerprint> fingerprint(String restartId) {
    return Optional.ofNullable(entries.get(restartId))
        .flatMap(entry -> Fingerprint.parse(entry.fingerprint()));
  }

  /** The Secrets that these restarts made useless: not each call lived to delete its own. */
  List<String> superseded() {
    return entries.values().stream().map(Entry::superseded).filter(Objects::nonNull).toList();
  }

  PastRestarts with(String restartId, Fingerprint fingerprint, String superseded) {
    var all = new LinkedHashMap<String, Entry>();
    entries.entrySet().stream()
        .skip(Math.max(0, entries.size() + 1 - REMEMBERED))
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    all.put(restartId, new Entry(fingerprint.text(), superseded));
    return new PastRestarts(all);
  }

  /** As it stands in the annotation. */
  String text() {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue().text())
        .collect(Collectors.joining(" "));
  }
}
