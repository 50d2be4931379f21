package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Phase;
import java.util.Objects;
import java.util.Optional;

/** What must have become of a service, by what was asked of it last. */
sealed interface Expectation {

  /** Whether that is what is there. */
  boolean isMetBy(Optional<AgentService> seen);

  /** It was deleted. */
  record Gone() implements Expectation {
    @Override
    public boolean isMetBy(Optional<AgentService> seen) {
      return seen.isEmpty();
    }
  }

  /**
   * It serves, by a start that answered the last one that was asked for.
   *
   * @param uid which of the services that had this name
   * @param secret the transient Secret it was last told to start with; null for none
   * @param attempt at least this
   */
  record Ready(String uid, String restartId, String secret, int attempt) implements Expectation {
    @Override
    public boolean isMetBy(Optional<AgentService> seen) {
      return isIn(seen, uid, Phase.READY, "Serving")
          && seen.get().getStatus().attempt() >= attempt
          && Objects.equals(seen.get().getStatus().restartId(), restartId)
          && Objects.equals(seen.get().getStatus().envSecretName(), secret);
    }
  }

  /** It was stopped, or has failed with this reason, and rests. */
  record Over(String uid, Phase phase, String reason) implements Expectation {
    @Override
    public boolean isMetBy(Optional<AgentService> seen) {
      return isIn(seen, uid, phase, reason) && seen.get().getStatus().sandboxId() == null;
    }
  }

  private static boolean isIn(Optional<AgentService> seen, String uid, Phase phase, String reason) {
    return seen.filter(service -> service.getMetadata().getUid().equals(uid))
        .map(AgentService::getStatus)
        .filter(status -> status.phase() == phase && status.readinessStatus() != null)
        .filter(status -> reason.equals(status.readinessStatus().reason()))
        .isPresent();
  }
}
