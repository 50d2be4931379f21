package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Progress;
import java.time.Duration;

/** One run of the bench: how much is measured, of what, and where that is told. */
record Run(
    Settings settings, AuditLog log, Tenant tenant, Installation installation, Progress progress) {

  /** Whether what takes so long ends within the run's minutes. */
  boolean hasTimeFor(Duration more) {
    return Duration.ofSeconds(progress.seconds())
            .plus(more)
            .compareTo(Duration.ofMinutes(settings.minutes()))
        <= 0;
  }

  /** The same in another namespace, which nothing is in yet. */
  Run elsewhere() {
    return new Run(settings, log, tenant.another(), installation, progress);
  }
}
