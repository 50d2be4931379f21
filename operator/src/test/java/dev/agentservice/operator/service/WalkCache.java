package dev.agentservice.operator.service;

/** What an operator watches; each may lag behind the others. */
enum WalkCache {
  SERVICE,
  PODS,
  FRONTS,
  DEPLOYMENTS
}
