/** The HTTP API: the seed's call and its siblings, over the same resources as kubectl. */
package dev.agentservice.api;
