package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** Another service of the deployment, of which the operator makes a whole pass. */
enum WalkSibling implements WalkStep {
  STARTS;

  @Override
  public void take(Walk walk) {
    var admissions = walk.operator().admissions();
    var sibling = service(walk.world().siblingLives());
    if (admissions.admit(sibling) instanceof Admission.Admitted) {
      walk.happens("another service starts", world -> world.withSiblingLives(true));
    }
    admissions.settle(sibling);
  }

  @Override
  public String toString() {
    return "another service starts";
  }

  /** It is ready, or never started. */
  static AgentService service(boolean lives) {
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
