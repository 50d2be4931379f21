/** Public routes: how they look, whether the gateway protects them, and what there is of them. */
package dev.agentservice.operator.edge;
