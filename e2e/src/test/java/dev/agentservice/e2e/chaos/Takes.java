package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.ImagePullPolicy;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.Resources;
import dev.agentservice.v1alpha1.TemplateBuilder;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Services that take their sandbox from a warm pool, with real containers, while the operator is
 * killed. Each has a value that no other has.
 */
final class Takes implements AutoCloseable {

  static final String DEPLOYMENT = "agent";
  static final int PORT = 8080;

  /** So many live at a time: the node has two cores. */
  private static final int AT_ONCE = 12;

  private static final int POOL = 12;

  /** A service begins when a sandbox waits, as do others then, or after this time without one. */
  private static final long FREE_MILLIS = 5_000;

  /** Of more services than this for each take that is wanted, the pool is too slow. */
  private static final int SERVICES_PER_TAKE = 3;

  private static final int START_TIMEOUT_SECONDS = 230;

  private final KubernetesClient client;
  private final Settings settings;
  private final Progress progress;
  private final String namespace = "takes-" + Long.toString(System.currentTimeMillis(), 36);
  private final ServiceHistory services;
  private final PodHistory pods;
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private int takenBefore;
  private final Map<Take.Kind, Integer> wrong = new EnumMap<>(Take.Kind.class);

  private Takes(KubernetesClient client, Settings settings, Progress progress) {
    this.client = client;
    this.settings = settings;
    this.progress = progress;
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    services = ServiceHistory.of(client);
    pods = PodHistory.of(client, namespace);
  }

  /**
   * What became of them.
   *
   * @param services that there were
   * @param warm sandboxes that had waited in the pool, and became a service's
   * @param wrongValue agents with another value than their service's, or not the one of status
   * @param deliveredTwice values that more than one process had
   * @param sharedSandbox sandboxes that were ever of two services
   * @param doubled times that a service had two sandboxes
   * @param stuck services that did not get ready, or left something behind
   */
  record Result(
      int services,
      int warm,
      int operatorKills,
      int wrongValue,
      int deliveredTwice,
      int sharedSandbox,
      int doubled,
      int stuck,
      int gaps) {

    static final Result NONE = new Result(0, 0, 0, 0, 0, 0, 0, 0, 0);

    boolean isGood() {
      return wrongValue + deliveredTwice + sharedSandbox + doubled + stuck + gaps == 0;
    }
  }

  static Result run(KubernetesClient client, Settings settings, Progress progress) {
    try (var takes = new Takes(client, settings, progress)) {
      return takes.run();
    }
  }

  @Override
  public void close() {
    services.close();
    pods.close();
    client.namespaces().withName(namespace).delete();
  }

  private Result run() {
    var kubeconfig = Repository.grantRights(Repository.STATE.resolve("takes"));
    LeaseRights.grant(client, namespace);
    client.resource(deployment()).create();
    var cache = StartCache.train(kubeconfig, List.of(namespace), this::warmUp);
    progress.say("the pool's namespace is " + namespace);
    takenBefore = pods.taken();
    var ticking = Thread.ofVirtual().start(() -> progress.each(30_000, this::progressLine));
    try {
      killAndTake(killer(kubeconfig, cache));
    } finally {
      ticking.interrupt();
    }
    return new Result(
        done.get(),
        taken(),
        kills.get(),
        wrong.getOrDefault(Take.Kind.VALUE, 0),
        wrong.getOrDefault(Take.Kind.DELIVERED_TWICE, 0),
        report("SHARED", pods.shared()),
        report("DOUBLED", pods.duplicates()),
        wrong.getOrDefault(Take.Kind.STUCK, 0),
        pods.gaps());
  }

  private void killAndTake(Killer killer) {
    var due = new Semaphore(Integer.MAX_VALUE);
    var room = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var killing = threads.submit(() -> killer.run(due, Instant.MAX));
      var taking = new ArrayList<Future<?>>();
      var most = SERVICES_PER_TAKE * settings.takes();
      for (var number = 0; number < most && taken() < settings.takes(); number++) {
        room.acquireUninterruptibly();
        if (killing.isDone()) {
          break; // no operator is there any more
        }
        Pause.until(pods::hasFree, FREE_MILLIS);
        var take = take("t" + number);
        taking.add(
            threads.submit(
                () -> {
                  try {
                    live(take);
                  } finally {
                    room.release();
                  }
                }));
      }
      taking.forEach(this::await);
      due.drainPermits();
      await(killing);
    }
  }

  private int taken() {
    return pods.taken() - takenBefore;
  }

  private void live(Take take) {
    try {
      take.live();
    } catch (Take.Wrong e) {
      note(e.kind, e.getMessage());
    } finally {
      done.incrementAndGet();
    }
  }

  private synchronized void note(Take.Kind kind, String what) {
    wrong.merge(kind, 1, Integer::sum);
    progress.say(kind + " " + what);
  }

  private void await(Future<?> task) {
    try {
      task.get();
    } catch (ExecutionException e) {
      note(Take.Kind.STUCK, e.getCause().toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Killer killer(Path kubeconfig, Path cache) {
    return new Killer(
        List.of(namespace),
        namespace,
        kubeconfig,
        Repository.STATE.resolve("takes.log"),
        cache,
        new Random(settings.seed()),
        services,
        kills,
        new AtomicLong());
  }

  private Take take(String name) {
    return new Take(client, services, pods, namespace, name);
  }

  private void warmUp() {
    IntStream.range(0, 10).parallel().mapToObj(number -> take("w" + number)).forEach(Take::live);
  }

  private AgentDeployment deployment() {
    var deployment = new AgentDeployment();
    deployment.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName(DEPLOYMENT).build());
    deployment.setSpec(
        AgentDeploymentSpecBuilder.builder()
            .warmPool(new WarmPool(POOL))
            .template(
                TemplateBuilder.builder()
                    .image("localhost/agentservice/example-agent:1")
                    .imagePullPolicy(ImagePullPolicy.NEVER)
                    .command(List.of("/agent"))
                    .port(PORT)
                    .readiness(new Readiness(new Readiness.HttpCheck("/healthz"), null, 1, 2))
                    .startTimeoutSeconds(START_TIMEOUT_SECONDS)
                    .stopGraceSeconds(5)
                    .resources(
                        new Resources(
                            Map.of("cpu", new Quantity("10m"), "memory", new Quantity("32Mi")),
                            null))
                    .build())
            .build());
    return deployment;
  }

  private int report(String what, List<String> found) {
    found.forEach(each -> progress.say(what + " " + each));
    return found.size();
  }

  private String progressLine() {
    return "%d services, %d of %d takes, %d kills"
        .formatted(done.get(), taken(), settings.takes(), kills.get());
  }
}
