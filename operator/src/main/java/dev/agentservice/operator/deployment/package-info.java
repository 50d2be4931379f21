/** A deployment: one immutable version for each recipe, its NetworkPolicy, its warm pool. */
package dev.agentservice.operator.deployment;
