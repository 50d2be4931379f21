package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.UUID;

/**
 * The life of one service that brings a value of its own: it gets ready, is looked at, and goes.
 */
final class Take {

  private static final String VARIABLE = "API_TOKEN";

  /** An operator that is killed every few seconds takes its time. */
  private static final long READY_MILLIS = 240_000;

  private static final long GONE_MILLIS = 120_000;

  /** So long the API server's own proxy may not know of a new endpoint. */
  private static final long REACHED_MILLIS = 20_000;

  private final KubernetesClient client;
  private final ServiceHistory services;
  private final PodHistory pods;
  private final String namespace;
  private final String name;
  private final String value = UUID.randomUUID().toString();

  Take(
      KubernetesClient client,
      ServiceHistory services,
      PodHistory pods,
      String namespace,
      String name) {
    this.client = client;
    this.services = services;
    this.pods = pods;
    this.namespace = namespace;
    this.name = name;
  }

  /** Something is not as it must be. */
  static final class Wrong extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final Kind kind;

    Wrong(Kind kind, String what) {
      super(what);
      this.kind = kind;
    }
  }

  /** What can be wrong. */
  enum Kind {
    /** The agent has not the value of its service. */
    VALUE,
    /** More than one process has it. */
    DELIVERED_TWICE,
    /** It does not come to where it must. */
    STUCK
  }

  void live() {
    client
        .resource(
            new SecretBuilder()
                .withMetadata(metadata())
                .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                .withStringData(Map.of(VARIABLE, value))
                .build())
        .create();
    var service = new AgentService();
    service.setMetadata(metadata());
    service.setSpec(
        AgentServiceSpecBuilder.builder()
            .deployment(Takes.DEPLOYMENT)
            .envSecret(new EnvSecret(name))
            .build());
    var uid = client.resource(service).create().getMetadata().getUid();
    try {
      check(ready());
    } finally {
      client.resource(service).delete();
    }
    holds(Kind.STUCK, Pause.until(() -> !pods.hasAny(uid), GONE_MILLIS), "its sandbox stays");
  }

  private AgentServiceStatus ready() {
    Pause.until(() -> isIn(Phase.READY) || isIn(Phase.FAILED), READY_MILLIS);
    var status = status();
    holds(
        Kind.STUCK,
        isIn(Phase.READY),
        status == null ? "it has no status" : "it is " + status.readinessStatus());
    return status;
  }

  private void check(AgentServiceStatus status) {
    var nonce = UUID.randomUUID().toString();
    holds(
        Kind.VALUE,
        get(EnvDigest.path(VARIABLE, nonce)).strip().equals(EnvDigest.of(value, nonce)),
        "its agent has another value");
    var introduction = get("/");
    holds(
        Kind.VALUE,
        introduction.contains("\"%s\"".formatted(status.sandboxId()))
            && introduction.contains("\"processId\":" + status.processId()),
        "status says %s, process %d; the agent says %s"
            .formatted(status.sandboxId(), status.processId(), introduction));
    holds(Kind.DELIVERED_TWICE, processes() == 1, "%d processes have it".formatted(processes()));
    holds(Kind.STUCK, Pause.until(this::secretIsGone, GONE_MILLIS), "its Secret stays");
  }

  private boolean isIn(Phase phase) {
    var status = status();
    return status != null && status.phase() == phase;
  }

  private AgentServiceStatus status() {
    return services.find(namespace, name).map(AgentService::getStatus).orElse(null);
  }

  private boolean secretIsGone() {
    return client.secrets().inNamespace(namespace).withName(name).get() == null;
  }

  /** The agent's own answer, by the way that its users take. */
  private String get(String path) {
    var answer = new String[1];
    var reached =
        Pause.until(
            () -> {
              try {
                answer[0] =
                    client.raw(
                        "/api/v1/namespaces/%s/services/%s:%d/proxy%s"
                            .formatted(namespace, name, Takes.PORT, path));
                return answer[0] != null;
              } catch (KubernetesClientException e) {
                return false;
              }
            },
            REACHED_MILLIS);
    holds(Kind.STUCK, reached, "it is ready and does not answer");
    return answer[0];
  }

  private int processes() {
    try {
      return NodeProcess.startedWith(value).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void holds(Kind kind, boolean condition, String what) {
    if (!condition) {
      throw new Wrong(kind, name + ": " + what);
    }
  }

  private ObjectMeta metadata() {
    return new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
  }
}
