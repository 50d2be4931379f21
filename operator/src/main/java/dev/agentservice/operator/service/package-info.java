/** A service's life: gather what is there, plan purely, apply, report purely. */
package dev.agentservice.operator.service;
