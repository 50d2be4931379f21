package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** What one user does with one service, at random, and what must have become of it. */
final class Story {

  /** A service that operators who live leave like this for so long is stuck. */
  private static final long PATIENCE_MILLIS = 300_000;

  /** Longer than any storm. */
  private static final long KILLING_MILLIS = 3_600_000;

  private final KubernetesClient client;
  private final ServiceHistory history;
  private final BooleanSupplier operatorsLive;
  private final Random random;
  private final String namespace;
  private final String name;
  private final boolean transientEnv;
  private int secrets;
  private int restarts;
  private String uid;
  private volatile Expectation expectation = new Expectation.Gone();
  private volatile String unfinished = "not begun";

  /**
   * A story to be told.
   *
   * @param operatorsLive whether none is killed any more
   */
  Story(
      KubernetesClient client,
      ServiceHistory history,
      BooleanSupplier operatorsLive,
      Random random,
      String namespace,
      String name) {
    this.client = client;
    this.history = history;
    this.operatorsLive = operatorsLive;
    this.random = random;
    this.namespace = namespace;
    this.name = name;
    transientEnv = random.nextInt(10) < 6;
  }

  /** Whether the service is as it must be, with nothing of the story left to do. */
  boolean isSettled() {
    return unfinished == null && expectation.isMetBy(history.find(namespace, name));
  }

  @Override
  public String toString() {
    var seen =
        history
            .find(namespace, name)
            .map(AgentService::getStatus)
            .map(Story::outcome)
            .orElse("gone or without status");
    return "%s/%s: expected %s, is %s%s"
        .formatted(
            namespace,
            name,
            expectation,
            seen,
            unfinished == null ? "" : " (story broke off: " + unfinished + ")");
  }

  void live() {
    unfinished = "create";
    create();
    for (var steps = random.nextInt(4); steps > 0; steps--) {
      if (random.nextBoolean()) {
        awaitExpectation();
      } else {
        Pause.millis(random.nextInt(2000));
      }
      step();
    }
    end();
    awaitExpectation();
    unfinished = null;
  }

  private void step() {
    switch (random.nextInt(transientEnv ? 5 : 4)) {
      case 0 -> restart();
      case 1 -> stopAndStart();
      case 2 -> applyAgain();
      case 3 -> losePod();
      default -> {
        nameConsumedSecretAgain();
        restart();
      }
    }
  }

  private void end() {
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 -> delete();
      case 5 -> {
        awaitExpectation();
        stop();
      }
      case 6 -> {
        if (transientEnv) {
          nameConsumedSecretAgain();
        }
      }
      default -> {} // it stays as it is
    }
  }

  // ---- what a user does

  private void create() {
    restarts++;
    var late = transientEnv && random.nextInt(5) == 0;
    var named = transientEnv ? nextSecret() : null;
    if (transientEnv && !late) {
      createSecret(named);
    }
    uid = createService(named).getMetadata().getUid();
    expectReady(named, 1);
    if (late) {
      Pause.millis(random.nextInt(2000));
      createSecret(named);
    }
  }

  private void restart() {
    unfinished = "restart";
    restarts++;
    var named = transientEnv ? nextSecret() : null;
    if (transientEnv) {
      createSecret(named);
    }
    patch("{\"spec\":{\"restartId\":\"%s\"%s}}".formatted(restartId(), envSecret(named)));
    expectReady(named, 1);
  }

  private void stopAndStart() {
    awaitExpectation();
    stop();
    awaitExpectation();
    unfinished = "start";
    var attempt = attempt();
    var named = transientEnv ? nextSecret() : null;
    if (transientEnv) {
      createSecret(named);
    }
    patch("{\"spec\":{\"desiredState\":\"Running\"%s}}".formatted(envSecret(named)));
    expectReady(named, attempt + 1);
  }

  private void stop() {
    unfinished = "stop";
    patch("{\"spec\":{\"desiredState\":\"Stopped\"}}");
    expectation = new Expectation.Over(uid, Phase.STOPPED, "Stopped");
  }

  /** Its values are gone, so the start is refused. */
  private void nameConsumedSecretAgain() {
    awaitExpectation();
    stop();
    awaitExpectation();
    unfinished = "start with a consumed Secret";
    patch("{\"spec\":{\"desiredState\":\"Running\"}}");
    expectation = new Expectation.Over(uid, Phase.FAILED, "EnvSecretConsumed");
    awaitExpectation();
  }

  private void applyAgain() {
    unfinished = "apply again";
    service().delete();
    create();
  }

  /** A pod deleted by hand. */
  private void losePod() {
    awaitExpectation();
    unfinished = "lose pod";
    var status = history.find(namespace, name).orElseThrow().getStatus();
    var attempt = status.attempt();
    client.pods().inNamespace(namespace).withName(status.sandboxId()).delete();
    if (!transientEnv) {
      expectReady(null, attempt + 1);
      return;
    }
    expectation = new Expectation.Over(uid, Phase.FAILED, "EnvLost");
    if (random.nextBoolean()) {
      awaitExpectation();
    }
    restart();
  }

  private void delete() {
    unfinished = "delete";
    service().delete();
    expectation = new Expectation.Gone();
  }

  // ---- how

  private void expectReady(String named, int attempt) {
    expectation = new Expectation.Ready(uid, restartId(), named, attempt);
  }

  private void awaitExpectation() {
    var wanted = expectation;
    BooleanSupplier met = () -> wanted.isMetBy(history.find(namespace, name));
    Pause.until(() -> met.getAsBoolean() || operatorsLive.getAsBoolean(), KILLING_MILLIS);
    if (!Pause.until(met, PATIENCE_MILLIS)) {
      throw new IllegalStateException(
          unfinished + " came to nothing: " + this + ", with the pods " + podsToTell());
    }
  }

  /** What hinders the service may be the simulation's fault and not the operator's. */
  private List<String> podsToTell() {
    return client.pods().inNamespace(namespace).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getName().startsWith(name + "-"))
        .map(
            pod ->
                "%s on %s %s since %s, deleted %s"
                    .formatted(
                        pod.getMetadata().getName(),
                        pod.getSpec().getNodeName(),
                        pod.getStatus().getPhase(),
                        pod.getMetadata().getCreationTimestamp(),
                        pod.getMetadata().getDeletionTimestamp()))
        .toList();
  }

  private int attempt() {
    return history.find(namespace, name).orElseThrow().getStatus().attempt();
  }

  private String restartId() {
    return "r" + restarts;
  }

  private String nextSecret() {
    return name + "-env-" + ++secrets;
  }

  private static String envSecret(String named) {
    return named == null ? "" : ",\"envSecret\":{\"name\":\"%s\"}".formatted(named);
  }

  private void createSecret(String named) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(named)
                .endMetadata()
                .withType(Names.TRANSIENT_ENV_SECRET_TYPE)
                .withStringData(Map.of("API_TOKEN", "chaos"))
                .build())
        .create();
  }

  private AgentService createService(String named) {
    var service = new AgentService();
    service.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    service.setSpec(
        AgentServiceSpecBuilder.builder()
            .deployment(transientEnv ? Tenants.WITH_ENV : Tenants.PLAIN)
            .restartId(restartId())
            .envSecret(named == null ? null : new EnvSecret(named))
            .build());
    return client.resource(service).create();
  }

  private void patch(String change) {
    service().patch(PatchContext.of(PatchType.JSON_MERGE), change);
  }

  private Resource<AgentService> service() {
    return client.resources(AgentService.class).inNamespace(namespace).withName(name);
  }

  private static String outcome(AgentServiceStatus status) {
    return "%s %s, attempt %s, restart %s, secret %s"
        .formatted(
            status.phase(),
            status.readinessStatus() == null ? "" : status.readinessStatus().reason(),
            status.attempt(),
            status.restartId(),
            status.envSecretName());
  }
}
