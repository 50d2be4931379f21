package dev.agentservice.operator.service;

/**
 * A second operator that takes itself for the leader, and makes a pass of its own. Not under a cap:
 * each counts for itself.
 */
enum WalkRival implements WalkStep {
  LOOKS;

  @Override
  public void take(Walk walk) {
    if (walk.world().capped()) {
      return;
    }
    try {
      walk.rival().pass(WalkPass.PLAIN);
    } finally {
      walk.tell("another operator, " + walk.rival().lastPass());
    }
  }
}
