/** How a recipe gets its name: the same content has the same name for ever. */
package dev.agentservice.operator.recipe;
