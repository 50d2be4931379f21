/** What Prometheus is told: every metric's name and meaning, and how it is measured. */
package dev.agentservice.operator.metrics;
