package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Progress;
import dev.agentservice.e2e.chaos.Repository;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code make bench}: writes all its figures as one JSON object into the file of that name. */
public final class Bench {

  private static final int WARM_UP = 100;

  private final Run run;
  private final Measuring measuring;

  private Bench(Run run) {
    this.run = run;
    this.measuring = new Measuring(run);
  }

  public static void main(String[] args) throws IOException {
    var auditLog = System.getenv("CLUSTER_AUDIT_LOG");
    if (auditLog == null) {
      System.err.println(
          "make bench reads the audit log of this repository's cluster: unset KUBECONFIG");
      System.exit(2);
    }
    var settings = Settings.from(System.getenv());
    var progress = new Progress();
    var machine = Machine.describe();
    var image =
        Image.of(
            Path.of(System.getenv("IMAGE_APP")),
            Repository.STATE.resolve("bench"),
            options(System.getenv("OPERATOR_JVM_OPTIONS")));
    var answer = new LinkedHashMap<String, Object>();
    try (var client = new KubernetesClientBuilder().build();
        var installation = new Installation(client, image, settings.mostServices());
        var tenant = Tenant.create(client)) {
      var log = new AuditLog(Path.of(auditLog));
      var bench = new Bench(new Run(settings, log, tenant, installation, progress));
      try {
        bench.measure(answer);
      } finally { // what was measured before something failed took its time too
        machine.put("load_after", Machine.load());
        answer.put("machine", machine);
        answer.put("seconds", progress.seconds());
        Files.writeString(Path.of(args[0]), Serialization.asJson(answer) + "\n");
      }
    }
  }

  private void measure(Map<String, Object> answer) {
    run.progress().say("prepared");
    answer.put("settings", run.settings());
    answer.put("start_ms", startMillis());
    run.installation().scaleApi(1);
    warmUp();
    try (var realNode = new RealNode(run)) {
      answer.put("real_node", realNode.measure());
    }
    var growth = new Growth(run);
    var rounds = rounds(growth);
    answer.put("rounds", rounds.size());
    answer.put("cases", withRatios(medians(rounds)));
    answer.put("http", httpLoad());
    answer.put("trace", trace());
    if (run.settings().live().isEmpty()) {
      answer.putAll(growth.atRest());
    } else {
      answer.putAll(growth.measure());
    }
    answer.put("authorizer", new Authorizer(run).measure());
  }

  /** From the start of the process to the first word on a service that waits for it. */
  private double startMillis() {
    var times = new ArrayList<Double>();
    for (var index = 0; index < run.settings().restarts(); index++) {
      try (var words = run.tenant().watchFirstWords()) {
        if (index > 0) {
          run.installation().operator().terminate();
        }
        var name = run.tenant().start(Case.SERVICE, "waiting-" + index, 0);
        var begun = System.nanoTime();
        run.installation().startOperator();
        times.add((words.await(name) - begun) / 1e6);
      }
    }
    run.progress().say("started in %s ms".formatted(times));
    return Figures.middle(times);
  }

  private void warmUp() {
    for (var what : Case.values()) {
      if (what.isOurs()) {
        measuring.start(what, Math.min(WARM_UP, run.settings().burst()), run.settings().atOnce());
      }
    }
    run.tenant().clear();
    run.progress().say("warm");
  }

  /**
   * One case after the other, and that again, as long as there is time: so a machine that drifts
   * drifts for all.
   */
  private List<Map<Case, Figures>> rounds(Growth growth) {
    var rounds = new ArrayList<Map<Case, Figures>>();
    var took = Duration.ZERO;
    while (rounds.size() < run.settings().rounds()
        && (rounds.isEmpty() || run.hasTimeFor(took.multipliedBy(2)))) {
      var begun = run.progress().seconds();
      rounds.add(round(rounds.size() + 1, growth));
      took = Duration.ofSeconds(run.progress().seconds() - begun);
      growth.expect(took);
    }
    return rounds;
  }

  private Map<Case, Figures> round(int number, Growth growth) {
    var beside = growth.live();
    var round = new EnumMap<Case, Figures>(Case.class);
    for (var what : Case.values()) {
      var figures = growth.round(what);
      round.put(what, figures);
      run.progress().say("round %d, %s: %s".formatted(number, what.title(), figures.numbers()));
    }
    growth.step(beside, round.get(Case.POD_AND_SERVICE), round.get(Case.SERVICE));
    return round;
  }

  private static Map<Case, Figures> medians(List<Map<Case, Figures>> rounds) {
    var medians = new EnumMap<Case, Figures>(Case.class);
    for (var what : Case.values()) {
      medians.put(what, Figures.median(rounds.stream().map(round -> round.get(what)).toList()));
    }
    return medians;
  }

  private static Map<String, Object> withRatios(Map<Case, Figures> cases) {
    var first = cases.get(Case.POD);
    var second = cases.get(Case.POD_AND_SERVICE);
    var answer = new LinkedHashMap<String, Object>();
    cases.forEach(
        (what, figures) -> {
          var line = new LinkedHashMap<String, Object>(figures.numbers());
          for (var number : List.of("p50_ms", "ready_per_s")) {
            line.put(number + "_to_first_floor", figures.get(number) / first.get(number));
            line.put(number + "_to_second_floor", figures.get(number) / second.get(number));
          }
          line.put("p50_ms_above_second_floor", figures.get("p50_ms") - second.get("p50_ms"));
          line.put("writes", figures.writes());
          line.put("reads", figures.reads());
          answer.put(what.key(), line);
        });
    return answer;
  }

  private Map<Integer, Map<String, Double>> httpLoad() {
    var load = new HttpLoad(run);
    var answer = new LinkedHashMap<Integer, Map<String, Double>>();
    for (var replicas : List.of(1, 2)) {
      answer.put(replicas, load.with(replicas));
      run.progress().say("HTTP API, %d replicas: %s".formatted(replicas, answer.get(replicas)));
    }
    run.installation().scaleApi(0);
    return answer;
  }

  /** The start that took the median time. */
  private List<Map<String, Object>> trace() {
    var mark = run.log().mark();
    var traced = measuring.start(Case.SERVICE, run.settings().oneByOne(), 1).median();
    var answer = Trace.of(traced, run.log().since(mark)).inMillis();
    run.tenant().clear();
    return answer;
  }

  private static List<String> options(String text) {
    return Optional.ofNullable(text).stream()
        .flatMap(options -> Arrays.stream(options.split(" ", -1)))
        .filter(option -> !option.isEmpty())
        .toList();
  }
}
