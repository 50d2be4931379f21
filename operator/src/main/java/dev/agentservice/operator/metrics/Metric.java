package dev.agentservice.operator.metrics;

import static dev.agentservice.operator.metrics.Metric.Type.COUNTER;
import static dev.agentservice.operator.metrics.Metric.Type.GAUGE;
import static dev.agentservice.operator.metrics.Metric.Type.HISTOGRAM;

import java.util.List;

/**
 * Every metric there is, in the words of docs/metrics.md. No label ever names a service, a
 * deployment or a namespace: their number has no bound.
 */
public enum Metric {
  SERVICES(
      "agentservice_services",
      GAUGE,
      "AgentServices that there are, by phase. Told by the leader only.",
      "phase"),
  PHASE_TRANSITIONS(
      "agentservice_phase_transitions_total",
      COUNTER,
      "Changes of a service's phase, by the new phase and its reason (docs/troubleshooting.md).",
      "phase",
      "reason"),
  TIME_TO_PHASE(
      "agentservice_time_to_phase_seconds",
      HISTOGRAM,
      "How long a start took, by the phase that it led to: since the service was created, or, for"
          + " a later start, since the attempt began. Phase starting: until the operator's first"
          + " word on a new service.",
      "since",
      "phase"),
  ENV_INJECTION(
      "agentservice_env_injection_seconds",
      HISTOGRAM,
      "How long it took until status says that transient env reached the process and its Secret is"
          + " deleted (EnvInjected), since the service was created or its later attempt began.",
      "since"),
  RESTARTS(
      "agentservice_restarts_total",
      COUNTER,
      "Starts after a service's first. What sandbox: a new attempt, because it was asked for"
          + " (RestartRequested, StartRequested) or because the former sandbox was lost. What"
          + " process: the node started the container again, or the launcher its agent.",
      "what",
      "reason"),
  WARM_STARTS(
      "agentservice_warm_starts_total",
      COUNTER,
      "Starts under deployments with a warm pool: hit, with a sandbox that waited, or miss, cold"
          + " because none did.",
      "result"),
  WARM_TIME_TO_READY(
      "agentservice_warm_time_to_ready_seconds",
      HISTOGRAM,
      "How long a start took that had a sandbox of a warm pool, until ready: since the service was"
          + " created, or, for a later start, since the attempt began.",
      "since"),
  WARM_SANDBOXES(
      "agentservice_warm_sandboxes",
      GAUGE,
      "Sandboxes of warm pools: those that wait now (ready) and those that should (target). Their"
          + " difference is what the refill is behind. Told by the leader only.",
      "what"),
  RECONCILES(
      "agentservice_reconciles_total",
      COUNTER,
      "Passes over an object, by how they ended. A conflict is a write onto an outdated version:"
          + " the pass is made again.",
      "controller",
      "result"),
  RECONCILE_DURATION(
      "agentservice_reconcile_duration_seconds", HISTOGRAM, "How long a pass took.", "controller"),
  RECONCILE_QUEUE_WAIT(
      "agentservice_reconcile_queue_wait_seconds",
      HISTOGRAM,
      "How long an object that was due waited for a thread.",
      "controller"),
  RECONCILE_QUEUE_LENGTH(
      "agentservice_reconcile_queue_length",
      GAUGE,
      "Objects that are due and wait for a thread.",
      "controller"),
  RECONCILES_ACTIVE("agentservice_reconciles_active", GAUGE, "Passes under way now.", "controller"),
  API_REQUESTS(
      "agentservice_kubernetes_requests_total",
      COUNTER,
      "Requests to the API server, by Kubernetes' verb, resource and HTTP status code. Code 101: a"
          + " watch began. Code error: no answer came.",
      "verb",
      "resource",
      "code"),
  LEADER(
      "agentservice_leader", GAUGE, "1 where this replica holds the lease and works, 0 where not."),
  HEAP_USED("agentservice_heap_used_bytes", GAUGE, "Heap in use, garbage included."),
  HEAP_MAX("agentservice_heap_max_bytes", GAUGE, "What the heap may grow to.");

  /** As Prometheus types it. */
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  private final String metricName;
  private final Type type;
  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // as List.of makes it, it is
  private final List<String> labels;

  Metric(String metricName, Type type, String meaning, String... labels) {
    this.metricName = metricName;
    this.type = type;
    this.meaning = meaning;
    this.labels = List.of(labels);
  }

  /** As Prometheus shows it; a histogram's series end with _bucket, _sum and _count. */
  public String metricName() {
    return metricName;
  }

  public Type type() {
    return type;
  }

  public String meaning() {
    return meaning;
  }

  public List<String> labels() {
    return labels;
  }
}
