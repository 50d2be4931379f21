/** Says of every AgentVersion whether it may be run. Versions are made by their deployment. */
package dev.agentservice.operator.version;
