/** What the network lets sandboxes do, as NetworkPolicies. */
package dev.agentservice.operator.network;
