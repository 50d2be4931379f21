package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Pause;
import dev.agentservice.v1alpha1.AgentDeploymentSpec;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.ImagePullPolicy;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.Supervision;
import dev.agentservice.v1alpha1.TemplateBuilder;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Starts with transient env in real containers, where images and runtimes take their time. */
final class RealNode implements AutoCloseable {

  private static final String IMAGE = "localhost/agentservice/example-agent:1";
  private static final int PORT = 8080;
  private static final int POOL = 2;

  /**
   * So many of each are there before they are deleted: that is no part of another start, and by
   * their requests two cores have room for no more than 40 sandboxes.
   */
  private static final int DELETED_AT_ONCE = 4;

  private static final long CALL_EVERY_MILLIS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What a service finds when it comes. */
  private enum Way {
    WARM_ENV(Supervision.AUTO, POOL),
    COLD_SUPERVISED(Supervision.AUTO, 0),
    COLD_DIRECT(Supervision.NONE, 0);

    private final Supervision supervision;
    private final int pool;

    Way(Supervision supervision, int pool) {
      this.supervision = supervision;
      this.pool = pool;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    String deployment() {
      return key().replace('_', '-');
    }

    AgentDeploymentSpec spec() {
      return AgentDeploymentSpecBuilder.builder()
          .template(
              TemplateBuilder.builder()
                  .image(IMAGE)
                  .imagePullPolicy(ImagePullPolicy.NEVER)
                  .command(List.of("/agent"))
                  .port(PORT)
                  .readiness(new Readiness(new Readiness.HttpCheck("/healthz"), null, null, null))
                  .supervision(supervision)
                  .build())
          .warmPool(new WarmPool(pool))
          .build();
    }
  }

  private record Taken(String service, double millis) {}

  private final Run run;
  private final Sandboxes sandboxes;
  private final ReadyTimes readyTimes;
  private final Map<Way, List<Double>> ready = new EnumMap<>(Way.class);
  private final Map<Way, List<Double>> answered = new EnumMap<>(Way.class);
  private int notWarm;

  RealNode(Run run) {
    this.run = run;
    sandboxes = run.tenant().sandboxes();
    readyTimes = run.tenant().watch(Case.SERVICE);
  }

  /** One way after the other, and that again. */
  Map<String, Object> measure() {
    run.installation().startProxy();
    for (var way : Way.values()) {
      run.tenant().deploy(way.deployment(), way.spec());
    }
    each("first"); // classes are loaded, images unpacked
    ready.clear();
    answered.clear();
    notWarm = 0;
    for (var index = 1; index <= run.settings().realStarts(); index++) {
      each("real-" + index);
      if (index % DELETED_AT_ONCE == 0) {
        run.tenant().deleteServices();
        sandboxes.awaitNoneButWaiting(POOL);
      }
    }
    for (var way : Way.values()) {
      run.tenant().undeploy(way.deployment());
    }
    run.tenant().clear();
    run.installation().stopProxy();
    return figures();
  }

  @Override
  public void close() {
    sandboxes.close();
    readyTimes.close();
  }

  private void each(String name) {
    for (var way : Way.values()) {
      take(way, ready, () -> create(way, name + "-" + way.deployment()));
    }
    for (var way : Way.values()) {
      take(way, answered, () -> post(way, name + "-" + way.deployment()));
    }
  }

  /** Starts one when the pool is full, so that none meets its refill. */
  private void take(Way way, Map<Way, List<Double>> times, Supplier<Taken> start) {
    var waiting = sandboxes.awaitWaiting(POOL);
    var taken = start.get();
    times.computeIfAbsent(way, _ -> new ArrayList<>()).add(taken.millis());
    if (way == Way.WARM_ENV && !waiting.contains(nameOf(sandboxes.of(taken.service())))) {
      notWarm++;
    }
  }

  /** From the service's create, whose Secret is there before, until a watch shows it as ready. */
  private Taken create(Way way, String name) {
    run.tenant().secret(name);
    var begun = System.nanoTime();
    run.tenant().serviceWithEnv(name, way.deployment());
    return new Taken(name, (readyTimes.await(name) - begun) / 1e6);
  }

  /** From the POST until the agent answers. */
  private Taken post(Way way, String idempotencyKey) {
    var begun = System.nanoTime();
    var service =
        run.tenant().post(run.installation().apiPort(0), way.deployment(), idempotencyKey);
    awaitAnswer(sandboxes.of(service));
    var millis = (System.nanoTime() - begun) / 1e6;
    readyTimes.await(service);
    return new Taken(service, millis);
  }

  /** At the sandbox's own address: neither a Service nor the API server is in between. */
  private static void awaitAnswer(Pod sandbox) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://%s:%d/env".formatted(sandbox.getStatus().getPodIP(), PORT)))
            .timeout(Duration.ofSeconds(1));
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (Http.answer(request, HttpURLConnection.HTTP_OK).contains("\"API_TOKEN\"")) {
          return;
        }
        throw new IllegalStateException("an agent answers without its env");
      } catch (IOException _) {
        Pause.millis(CALL_EVERY_MILLIS); // nobody listens yet
      }
    }
    throw new IllegalStateException("an agent does not answer: " + nameOf(sandbox));
  }

  private static String nameOf(Pod sandbox) {
    return sandbox.getMetadata().getName();
  }

  private Map<String, Object> figures() {
    var answer = new LinkedHashMap<String, Object>();
    for (var way : Way.values()) {
      var line = new LinkedHashMap<String, Double>();
      line.putAll(Sample.of(ready.get(way)).percentiles("ready_"));
      line.putAll(Sample.of(answered.get(way)).percentiles("post_to_answer_"));
      answer.put(way.key(), line);
      run.progress().say("real node, %s: %s".formatted(way.key(), line));
    }
    answer.put("starts", run.settings().realStarts());
    answer.put("not_warm", notWarm);
    return answer;
  }
}
