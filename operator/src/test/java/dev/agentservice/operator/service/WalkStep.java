package dev.agentservice.operator.service;

/** One thing that can happen at any moment; where it cannot, nothing does. */
sealed interface WalkStep permits WalkAct, WalkPass, WalkRival, WalkSibling {

  void take(Walk walk);
}
