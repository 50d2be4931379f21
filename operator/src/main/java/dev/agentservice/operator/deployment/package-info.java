/** A deployment's recipes: one immutable version each. */
package dev.agentservice.operator.deployment;
