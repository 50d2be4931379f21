package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import java.util.Optional;
import java.util.stream.Stream;

/** The services of a walk's deployment as its operator knows them, own writes included. */
record WalkSiblings(WalkOperator operator) implements AdmissionLedger.Siblings {

  @Override
  public Stream<AgentService> siblings(AgentService service) {
    return Stream.concat(
        Stream.ofNullable(operator.world().service()),
        Stream.of(WalkSibling.service(operator.world().siblingLives())));
  }

  @Override
  public Stream<AgentService> withKey(AgentService service, String key) {
    return Stream.empty();
  }

  @Override
  public Optional<Integer> maxServices(AgentService service) {
    return operator.world().capped() ? Optional.of(1) : Optional.empty();
  }
}
