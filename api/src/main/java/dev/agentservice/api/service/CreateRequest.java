package dev.agentservice.api.service;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;

/**
 * The body of a create (the seed).
 *
 * @param versionId null: the deployment's active version
 */
public record CreateRequest(String versionId, EnvValues envs) {

  /** Reads {@code {"version_id": string or null, "envs": object of strings}}. */
  public static CreateRequest parse(byte[] body) {
    var reading =
        new Object() {
          String versionId = null;
          EnvValues envs = null;
        };
    JsonBody.read(
        body,
        (name, parser) -> {
          switch (name) {
            case "version_id" -> reading.versionId = JsonBody.stringOrNull(name, parser);
            case "envs" -> reading.envs = JsonBody.envs(parser);
            default -> {
              return false;
            }
          }
          return true;
        });
    if (reading.versionId != null && reading.versionId.isEmpty()) {
      throw new Problem(ErrorCode.UNKNOWN_VERSION, "version_id is empty: name a version, or null.");
    }
    return new CreateRequest(
        reading.versionId, reading.envs == null ? EnvValues.NONE : reading.envs);
  }
}
