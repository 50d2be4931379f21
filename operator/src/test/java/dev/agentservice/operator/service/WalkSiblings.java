package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Optional;
import java.util.stream.Stream;

/** The services of a walk's deployment as its operator knows them, own writes included. */
record WalkSiblings(WalkOperator operator) implements AdmissionLedger.Siblings {

  @Override
  public Stream<AgentService> siblings(AgentService service) {
    return Stream.concat(
        Stream.ofNullable(operator.cached(WalkCache.SERVICE).service()),
        Stream.of(sibling(operator.world().siblingLives())));
  }

  @Override
  public Stream<AgentService> withKey(AgentService service, String key) {
    return Stream.empty();
  }

  @Override
  public Optional<Integer> maxServices(AgentService service) {
    return operator.world().capped() ? Optional.of(1) : Optional.empty();
  }

  /** The other one: ready, or never started. */
  static AgentService sibling(boolean lives) {
    var sibling = new AgentService();
    sibling.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("tenant")
            .withName("sibling")
            .withUid("sibling")
            .withCreationTimestamp(Situation.START.toString())
            .build());
    sibling.setStatus(
        AgentServiceStatusBuilder.builder()
            .phase(lives ? Phase.READY : Phase.STARTING)
            .attempt(lives ? 1 : null)
            .build());
    return sibling;
  }
}
