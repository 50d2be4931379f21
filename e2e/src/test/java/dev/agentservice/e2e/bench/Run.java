package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Progress;

/** One run of the bench: how much is measured, of what, and where that is told. */
record Run(
    Settings settings, AuditLog log, Tenant tenant, Installation installation, Progress progress) {

  /** The same in another namespace, which nothing is in yet. */
  Run elsewhere() {
    return new Run(settings, log, tenant.another(), installation, progress);
  }
}
