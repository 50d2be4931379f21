/** Public URLs: signed, exchanged for a cookie, and checked for a gateway that asks. */
package dev.agentservice.api.edge;
