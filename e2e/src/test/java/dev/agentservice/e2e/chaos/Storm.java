package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Thousands of services on simulated nodes, created, restarted, stopped, lost and deleted while
 * their operators are killed. The namespaces are shared out among several operators, each with a
 * lease of its own, so that one can be killed while another starts.
 */
final class Storm implements AutoCloseable {

  /** So many services have something done to them at one time. */
  private static final int STORIES_AT_ONCE = 200;

  private static final int SIMULATED_NODES = 10;
  private static final int NAMESPACES_PER_OPERATOR = 2;
  private static final long SETTLING_MILLIS = 240_000;
  private static final long COLLECTING_MILLIS = 120_000;

  /** A fresh operator that changes nothing for so long has looked at everything. */
  private static final long QUIET_MILLIS = 10_000;

  private final KubernetesClient client;
  private final Settings settings;
  private final Progress progress;
  private final ServiceHistory services;
  private final PodHistory pods;
  private final List<String> namespaces;
  private final List<Killer> killers = new ArrayList<>();
  private final List<Story> stories = new ArrayList<>();
  private final Queue<Story> begun = new ConcurrentLinkedQueue<>();
  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicLong peakResidentMiB = new AtomicLong();

  private volatile boolean killed;

  Storm(KubernetesClient client, Settings settings, Progress progress) {
    this.client = client;
    this.settings = settings;
    this.progress = progress;
    services = ServiceHistory.of(client);
    pods = PodHistory.of(client);
    // a storm that was broken off leaves its namespaces
    var run = System.currentTimeMillis();
    namespaces =
        IntStream.range(0, settings.operators() * NAMESPACES_PER_OPERATOR)
            .mapToObj(index -> "storm-" + Long.toString(run, 36) + "-" + index)
            .toList();
  }

  /** Simulated nodes, namespaces, and no work for kube-proxy: nothing answers at those pods. */
  void prepare() {
    SimulatedNodes.provide(SIMULATED_NODES);
    Repository.cluster("stop", "kube-proxy");
    namespaces.forEach(namespace -> Tenants.create(client, namespace));
    var kubeconfig = Repository.grantRights(Repository.STATE.resolve("storm"));
    var startCache = StartCache.train(kubeconfig, namespaces, this::warmUp);
    progress.say("prepared");
    var seeds = new Random(settings.seed());
    for (var index = 0; index < settings.services(); index++) {
      stories.add(
          new Story(
              client,
              services,
              () -> killed,
              new Random(seeds.nextLong()),
              namespaces.get(index % namespaces.size()),
              "s" + index));
    }
    for (var index = 0; index < settings.operators(); index++) {
      var first = index * NAMESPACES_PER_OPERATOR;
      var lease = namespaces.get(first);
      LeaseRights.grant(client, lease);
      killers.add(
          new Killer(
              namespaces.subList(first, first + NAMESPACES_PER_OPERATOR),
              lease,
              kubeconfig,
              Repository.STATE.resolve("storm-%d.log".formatted(index)),
              startCache,
              new Random(seeds.nextLong()),
              services,
              kills,
              peakResidentMiB));
    }
  }

  /** A few services from beginning to end. */
  private void warmUp() {
    var few =
        IntStream.range(0, 20)
            .mapToObj(
                index ->
                    new Story(
                        client,
                        services,
                        () -> true,
                        new Random(index),
                        namespaces.getFirst(),
                        "w" + index))
            .toList();
    few.parallelStream().forEach(Story::live);
    client.resources(AgentService.class).inNamespace(namespaces.getFirst()).delete();
  }

  /** Returns what became of it all. */
  Outcome run() {
    var ticking = Thread.ofVirtual().start(() -> progress.each(30_000, this::progressLine));
    try {
      return stormAndJudge();
    } finally {
      ticking.interrupt();
    }
  }

  private Outcome stormAndJudge() {
    var failures = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var due = new Semaphore(settings.kills());
      var end = Instant.now().plus(settings.killing());
      var killing =
          killers.stream()
              .<Future<?>>map(killer -> threads.submit(() -> killer.run(due, end)))
              .toList();
      var telling = threads.submit(() -> tellAll(threads));
      killing.forEach(killer -> await(killer, failures));
      killed = true;
      var toldWhenKillsEnded = told.get();
      progress.say("%d kills; the operators live on".formatted(kills.get()));
      var operators = killers.stream().map(Killer::start).toList();
      await(telling, failures);
      Pause.until(() -> begun.stream().allMatch(Story::isSettled), SETTLING_MILLIS);
      var unsettled = begun.stream().filter(story -> !story.isSettled()).toList();
      unsettled.forEach(story -> progress.say("STUCK " + story));
      failures.forEach(failure -> progress.say("FAILED " + failure));
      for (var index = 0; index < operators.size(); index++) {
        killers.get(index).end(operators.get(index));
      }
      var changed = changedByFreshOperators();
      changed.forEach(service -> progress.say("STUCK " + service));
      var census = settledCensus();
      var left = whatOutlivesTheServices();
      return new Outcome(
          kills.get(),
          begun.size(),
          begun.size() - unsettled.size(),
          report("DUPLICATE", pods.duplicates()),
          report("ORPHANED", census.orphaned()) + report("ORPHANED", left),
          report("LEAKED", census.leaked()),
          unsettled.size() + changed.size() + failures.size(),
          toldWhenKillsEnded,
          census.unclaimed().size(),
          pods.seen(),
          pods.gaps() + services.gaps(),
          peakResidentMiB.get());
    }
  }

  @Override
  public void close() {
    services.close();
    pods.close();
    namespaces.forEach(namespace -> client.namespaces().withName(namespace).delete());
    Repository.cluster("start", "kube-proxy");
    SimulatedNodes.provide(0);
  }

  /** The stories begin as the kills go on, so that there is something under way at each of them. */
  private void tellAll(ExecutorService threads) {
    var room = new Semaphore(STORIES_AT_ONCE);
    var running = new ArrayList<Future<?>>();
    for (var index = 0; index < stories.size(); index++) {
      var story = stories.get(index);
      var due = (int) (0.95 * settings.kills() * index / stories.size());
      while (kills.get() < due && !killed) {
        Pause.millis(50);
      }
      if (kills.get() < due) { // the time is up
        break;
      }
      room.acquireUninterruptibly();
      begun.add(story);
      running.add(
          threads.submit(
              () -> {
                try {
                  story.live();
                } finally {
                  room.release();
                  told.incrementAndGet();
                }
              }));
    }
    var failures = new ArrayList<String>();
    running.forEach(each -> await(each, failures));
    failures.forEach(failure -> progress.say("story: " + failure)); // counted as not settled
  }

  /** Whether status is what a computation from nothing gives: a fresh operator writes none. */
  private List<String> changedByFreshOperators() {
    var before = Statuses.of(client, namespaces);
    var operators = killers.stream().map(Killer::start).toList();
    operators.forEach(operator -> Pause.until(operator::isReady, 60_000));
    var last = services.changes();
    Pause.millis(QUIET_MILLIS);
    while (services.changes() != last) {
      last = services.changes();
      Pause.millis(QUIET_MILLIS);
    }
    for (var index = 0; index < operators.size(); index++) {
      killers.get(index).end(operators.get(index));
    }
    return Statuses.of(client, namespaces).changedSince(before);
  }

  /** The garbage collector is given its time. */
  private Census settledCensus() {
    Pause.until(() -> Census.of(client, namespaces, services).isClean(), COLLECTING_MILLIS);
    return Census.of(client, namespaces, services);
  }

  /** With no operator running: what a service had must go with it all the same. */
  private List<String> whatOutlivesTheServices() {
    progress.say("all services are deleted");
    namespaces.forEach(
        namespace -> OneByOne.delete(client.resources(AgentService.class).inNamespace(namespace)));
    Pause.until(() -> Census.owned(client, namespaces).isEmpty(), COLLECTING_MILLIS);
    return Census.owned(client, namespaces);
  }

  private int report(String what, List<String> found) {
    found.forEach(each -> progress.say(what + " " + each));
    return found.size();
  }

  private String progressLine() {
    return "%d of %d kills, %d of %d stories told, %d pods, %d duplicates, peak %d MiB"
        .formatted(
            kills.get(),
            settings.kills(),
            told.get(),
            stories.size(),
            pods.seen(),
            pods.duplicates().size(),
            peakResidentMiB.get());
  }

  private static void await(Future<?> task, List<String> failures) {
    try {
      task.get();
    } catch (ExecutionException e) {
      failures.add(e.getCause().toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
