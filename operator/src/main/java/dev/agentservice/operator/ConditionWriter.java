package dev.agentservice.operator;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Writes conditions that remember since when they hold. The types are those of kstatus
 * (sigs.k8s.io/cli-utils/pkg/kstatus), which kubectl, Flux and Argo CD understand.
 *
 * @param before the conditions as they were; null where there were none
 * @param generation the generation of the spec they speak of
 */
public record ConditionWriter(List<Condition> before, Long generation, Instant now) {

  /** What was asked for is there. */
  public static final String READY = "Ready";

  /** On the way to what was asked for. */
  public static final String RECONCILING = "Reconciling";

  /** Will not get there without help. */
  public static final String STALLED = "Stalled";

  public static final String TRUE = "True";
  public static final String FALSE = "False";

  /** A condition of this type; its transition time moves only when its status does. */
  public Condition write(String type, boolean status, String reason, String message) {
    var word = status ? TRUE : FALSE;
    var since =
        find(before, type)
            .filter(condition -> condition.getStatus().equals(word))
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> rfc3339(now));
    return new ConditionBuilder()
        .withType(type)
        .withStatus(word)
        .withReason(reason)
        .withMessage(message)
        .withLastTransitionTime(since)
        .withObservedGeneration(generation)
        .build();
  }

  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> condition.getType().equals(type)).findFirst();
  }

  public static boolean isTrue(List<Condition> conditions, String type) {
    return find(conditions, type).filter(c -> c.getStatus().equals(TRUE)).isPresent();
  }

  /** As every status shows times: RFC 3339 in UTC, in whole seconds as Kubernetes does. */
  public static String rfc3339(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
