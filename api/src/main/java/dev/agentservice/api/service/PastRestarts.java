package dev.agentservice.api.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The last restarts that this API asked for, with what is remembered of their payloads: a call that
 * comes again restarts nothing, also when another restart came between.
 */
final class PastRestarts {

  private static final int REMEMBERED = 16;

  /** Oldest first. */
  private final Map<String, String> fingerprints;

  private PastRestarts(Map<String, String> fingerprints) {
    this.fingerprints = fingerprints;
  }

  /** Reads the annotation; what is not ours in it is dropped. */
  static PastRestarts of(AgentService service) {
    var text = service.getMetadata().getAnnotations().getOrDefault(Names.RESTARTS_ANNOTATION, "");
    var fingerprints = new LinkedHashMap<String, String>();
    for (var entry : text.split(" ", -1)) {
      var equals = entry.indexOf('=');
      if (equals > 0) {
        fingerprints.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return new PastRestarts(fingerprints);
  }

  Optional<Fingerprint> fingerprint(String restartId) {
    return Fingerprint.parse(fingerprints.get(restartId));
  }

  PastRestarts with(String restartId, Fingerprint fingerprint) {
    var all = new LinkedHashMap<String, String>();
    fingerprints.entrySet().stream()
        .skip(Math.max(0, fingerprints.size() + 1 - REMEMBERED))
        .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
    all.put(restartId, fingerprint.text());
    return new PastRestarts(all);
  }

  /** As it stands in the annotation. */
  String text() {
    return fingerprints.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
