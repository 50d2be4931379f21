package dev.agentservice.operator.launcher;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/**
 * One line of a launcher's, parsed. A text in it is a fixed word of the protocol; any other is
 * dropped.
 *
 * @param processId null where the agent does not run
 * @param serving null where the event does not speak of it
 */
record LauncherWord(Event event, Long processId, Boolean serving, int restarts, Integer exitCode) {

  /** What a launcher tells of. */
  enum Event {
    STARTED,
    SERVING,
    EXITED,
    STATUS,
    /** It was told to start an agent and has started one already. */
    ALREADY_STARTED,
    /** It cannot do what it was told, and ends. */
    REFUSED
  }

  private static final JsonMapper MAPPER = new JsonMapper();

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Body(
      String event,
      String reason,
      Long processId,
      Boolean serving,
      Integer restarts,
      Integer code,
      Integer lastExitCode) {}

  /**
   * The launcher's word in {@code line}, which the agent may have begun; empty where all of it is
   * the agent's. A refusal counts with whichever nonce: the launcher's may be of another start, and
   * nobody believes it without asking once more. It says nothing of how the agent is.
   */
  static Optional<LauncherWord> in(String line, Nonce nonce) {
    return after(LauncherRequest.PROTOCOL + " ", line)
        .flatMap(
            words -> {
              var space = words.indexOf(' ');
              return space < 0
                  ? Optional.empty()
                  : parsed(words.substring(space + 1))
                      .filter(
                          word ->
                              words.substring(0, space).equals(nonce.text()) || word.isRefusal());
            });
  }

  /** Whether it is one that counts with whichever nonce. */
  boolean isRefusal() {
    return event == Event.REFUSED || event == Event.ALREADY_STARTED;
  }

  private static Optional<String> after(String mark, String line) {
    var at = line.lastIndexOf(mark);
    return at < 0 ? Optional.empty() : Optional.of(line.substring(at + mark.length()));
  }

  private static Optional<LauncherWord> parsed(String json) {
    try {
      var body = MAPPER.readValue(json, Body.class);
      return Optional.ofNullable(body)
          .flatMap(LauncherWord::event)
          .map(
              event ->
                  new LauncherWord(
                      event,
                      body.processId(),
                      body.serving(),
                      body.restarts() == null ? 0 : body.restarts(),
                      body.code() != null ? body.code() : body.lastExitCode()));
    } catch (JsonProcessingException _) {
      return Optional.empty(); // and its text, which may be the agent's, is told to nobody
    }
  }

  private static Optional<Event> event(Body body) {
    return switch (body.event()) {
      case "started" -> Optional.of(Event.STARTED);
      case "serving" -> Optional.of(Event.SERVING);
      case "exited" -> Optional.of(Event.EXITED);
      case "status" -> Optional.of(Event.STATUS);
      case "refused" ->
          Optional.of("started".equals(body.reason()) ? Event.ALREADY_STARTED : Event.REFUSED);
      case null, default -> Optional.empty();
    };
  }
}
