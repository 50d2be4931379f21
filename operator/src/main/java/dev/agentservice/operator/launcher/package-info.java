/** The operator's side of the launcher's protocol (docs/launcher.md): env in, a process id out. */
package dev.agentservice.operator.launcher;
