package dev.agentservice.api.service;

/**
 * The body of a restart; it may be left out.
 *
 * @param reason for people; null where none is given
 * @param envs null where the caller says nothing of them; empty: the agent is to have none
 */
public record RestartRequest(String reason, EnvValues envs) {

  /** Reads {@code {"reason": string or null, "envs": object of strings or null}}. */
  public static RestartRequest parse(byte[] body) {
    if (body.length == 0) {
      return new RestartRequest(null, null);
    }
    var reading =
        new Object() {
          String reason = null;
          EnvValues envs = null;
        };
    JsonBody.read(
        body,
        (name, parser) -> {
          switch (name) {
            case "reason" ->
                reading.reason = StopRequest.reason(name, JsonBody.stringOrNull(name, parser));
            case "envs" -> reading.envs = JsonBody.envs(parser);
            default -> {
              return false;
            }
          }
          return true;
        });
    return new RestartRequest(reading.reason, reading.envs);
  }

  EnvValues brought() {
    return envs == null ? EnvValues.NONE : envs;
  }
}
