/** The pods that agents run in, whoever they are made for. */
package dev.agentservice.operator.sandbox;
