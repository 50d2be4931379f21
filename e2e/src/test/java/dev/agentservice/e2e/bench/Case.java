package dev.agentservice.e2e.bench;

/** What is started and timed: two floors, and what stands on them. */
enum Case {
  POD("pod", "bare Pod"),
  POD_AND_SERVICE("pod_service", "Pod + Service, to its endpoint"),
  SERVICE("service", "AgentService"),
  SERVICE_WITH_ENV("service_env", "AgentService, transient env"),
  HTTP_API("http_api", "HTTP API, transient env");

  private final String key;
  private final String title;

  Case(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** In JSON, and in the names of what is made. */
  String key() {
    return key;
  }

  String title() {
    return title;
  }

  boolean isOurs() {
    return this != POD && this != POD_AND_SERVICE;
  }
}
