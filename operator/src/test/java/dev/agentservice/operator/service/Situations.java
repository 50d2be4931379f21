package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.applied;
import static dev.agentservice.operator.service.Situation.completed;
import static dev.agentservice.operator.service.Situation.failed;
import static dev.agentservice.operator.service.Situation.neverStarted;
import static dev.agentservice.operator.service.Situation.owed;
import static dev.agentservice.operator.service.Situation.ready;
import static dev.agentservice.operator.service.Situation.starting;
import static dev.agentservice.operator.service.Situation.stopped;
import static dev.agentservice.operator.service.Situation.stopping;
import static dev.agentservice.operator.service.Situation.unhealthy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Every situation a user can meet, and what comes of it: {@code phase Reason -> writes}. The
 * current attempt is number 2; nothing after the arrow means that nothing is to be done.
 */
final class Situations {

  /**
   * One line of the table.
   *
   * @param outcome such as {@code unhealthy Evicted -> RemoveSandbox 2}
   */
  record Row(String what, Situation situation, String outcome) {

    String verdict() {
      return outcome.split(" -> ", -1)[0];
    }

    List<String> plan() {
      var parts = outcome.split(" -> ", -1);
      return parts.length == 1 ? List.of() : List.of(parts[1].split(", ", -1));
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private final List<Row> rows = new ArrayList<>();

  static List<Row> all() {
    var table = new Situations();
    table.before();
    table.starts();
    table.processes();
    table.sandboxes();
    table.network();
    table.fronts();
    table.deployments();
    table.env();
    table.restarts();
    table.stops();
    table.leftovers();
    table.rows.addAll(LauncherSituations.all());
    return table.rows;
  }

  private void row(String what, Situation situation, String outcome) {
    rows.add(new Row(what, situation, outcome));
  }

  /** The same thing happens to a service that starts, is late with it, is ready, is unhealthy. */
  private void live(
      String what,
      UnaryOperator<Situation> happens,
      String starting,
      String late,
      String ready,
      String unhealthy) {
    row("starting: " + what, happens.apply(starting()), starting);
    row("starting, past the deadline: " + what, happens.apply(starting().at(130)), late);
    row("ready: " + what, happens.apply(ready()), ready);
    row("unhealthy: " + what, happens.apply(unhealthy()), unhealthy);
  }

  /** The same in every live phase, early or late. */
  private void always(String what, UnaryOperator<Situation> happens, String outcome) {
    live(what, happens, outcome, outcome, outcome, outcome);
  }

  private void withEnv(String what, UnaryOperator<Situation> happens, String outcome) {
    row("with transient env: " + what, happens.apply(ready().withTransientEnv()), outcome);
  }

  // ---- wrong order, and its healing

  private static final String FIRST_START =
      "starting Starting -> BeginAttempt 1, CreateSandbox 1, CreateFront 1";

  private void before() {
    row("all is there", applied(), FIRST_START);
    for (var reason :
        List.of(
            Reason.DEPLOYMENT_NOT_FOUND, Reason.DEPLOYMENT_NOT_READY, Reason.VERSION_NOT_FOUND)) {
      var missing = applied().unavailable(reason, "echo");
      row("missing: " + reason.word(), missing, "starting " + reason.word());
      row(
          "missing too long: " + reason.word(),
          missing.startPendingSince(0).at(120),
          "failed " + reason.word());
      row("mended in the end: " + reason.word(), neverStarted(reason).at(900), FIRST_START);
      row(
          "still missing: " + reason.word(),
          neverStarted(reason).unavailable(reason, "echo").at(900),
          "failed " + reason.word());
    }
    for (var reason : List.of(Reason.DEPLOYMENT_SUSPENDED, Reason.VERSION_MISMATCH)) {
      row(
          "no hope: " + reason.word(),
          applied().unavailable(reason, "x"),
          "failed " + reason.word());
      row(
          "only a restart ends it: " + reason.word(),
          neverStarted(reason),
          "failed " + reason.word());
    }
    row(
        "a key that is none",
        applied().idempotencyKey("order 4711"),
        "failed IdempotencyKeyInvalid");
    row("a key that is one", applied().idempotencyKey("order-4711"), FIRST_START);
    row("no place left", applied().full(), "starting MaxServicesReached");
    row(
        "no place left for long",
        applied().full().startPendingSince(0).at(120),
        "failed MaxServicesReached");
    row(
        "no place left, and the operator was away until now",
        applied().full().at(9_000),
        "starting MaxServicesReached");
    row(
        "a place comes too late: only a restart ends it",
        neverStarted(Reason.MAX_SERVICES_REACHED),
        "failed MaxServicesReached");
    row("restarted where no place is left", stopped().run().full(), "starting MaxServicesReached");
    row(
        "no place left, the Secret waits unread",
        applied().namesSecret("env-1").full(),
        "starting MaxServicesReached");
    row(
        "no place left for long, nothing will take the Secret",
        applied().namesSecret("env-1").full().startPendingSince(0).at(120),
        "failed MaxServicesReached -> ForgetSecret env-1");
    row(
        "missing too long, the Secret waits for the mending",
        applied()
            .namesSecret("env-1")
            .unavailable(Reason.DEPLOYMENT_NOT_FOUND, "echo")
            .startPendingSince(0)
            .at(120),
        "failed DeploymentNotFound");
    row(
        "a second one with the same idempotency key",
        applied().duplicateOf("shop-1", false),
        "failed DuplicateIdempotencyKey");
    row(
        "that, with a Secret of its own",
        applied().namesSecret("env-2").duplicateOf("shop-1", false),
        "failed DuplicateIdempotencyKey -> ForgetSecret env-2");
    row(
        "that, with the winner's Secret",
        applied().namesSecret("env-1").duplicateOf("shop-1", true),
        "failed DuplicateIdempotencyKey");
    row(
        "a duplicate is never started, whatever is asked",
        failed(Reason.DUPLICATE_IDEMPOTENCY_KEY).restart(),
        "failed DuplicateIdempotencyKey");
    // it waits for the operator itself, however long that was away
    row(
        "its deployment was not looked at yet",
        applied().unavailable(Reason.DEPLOYMENT_PENDING, "echo").at(9_000),
        "starting DeploymentPending");
    row(
        "stopped before its first start, wanted hours later, Secret not there yet",
        applied()
            .status(
                status -> stopped().seen().status().withAttempt(null).withAttemptStartedAt(null))
            .namesSecret("env-1")
            .secretAbsent()
            .at(9_000),
        "starting EnvSecretNotFound");
  }

  // ---- on the way to the first answer

  private void starts() {
    row("the node prepares", starting(), "starting Starting");
    row("the node prepares too long", starting().at(120), "failed StartDeadlineExceeded");
    row("serving", starting().serving(), "ready Serving");
    row("serving, at the last moment", starting().serving().at(119), "ready Serving");
    for (var reason :
        List.of(Reason.INVALID_IMAGE_NAME, Reason.RUNS_AS_ROOT, Reason.CONTAINER_CANNOT_RUN)) {
      always("no hope: " + reason.word(), s -> s.waiting(reason), "failed " + reason.word());
    }
    for (var reason :
        List.of(Reason.IMAGE_PULL_FAILED, Reason.CONTAINER_CONFIG_ERROR, Reason.CONTAINER_ERROR)) {
      live(
          "may pass: " + reason.word(),
          s -> s.waiting(reason),
          "starting " + reason.word(),
          "failed " + reason.word(),
          "unhealthy " + reason.word(),
          "unhealthy " + reason.word());
    }
    row("no node", starting().waiting(Reason.UNSCHEDULABLE), "starting Unschedulable");
    row(
        "no node for long",
        starting().waiting(Reason.UNSCHEDULABLE).at(120),
        "failed Unschedulable");

    row(
        "operator died before the pod",
        owed(),
        "starting Starting -> CreateSandbox 2, CreateFront 2");
    row("that, found too late", owed().at(120), "failed StartDeadlineExceeded");
    row(
        "quota exceeded",
        owed().podOverQuota(),
        "starting QuotaExceeded -> CreateSandbox 2, CreateFront 2");
    row(
        "quota exceeded until the deadline",
        owed().lastReason("QuotaExceeded").at(120),
        "failed QuotaExceeded");
    row(
        "admission refuses",
        owed().podRefused(403),
        "starting PodRefused -> CreateSandbox 2, CreateFront 2");
    row(
        "admission refuses until the deadline",
        owed().lastReason("PodRefused").at(120),
        "failed PodRefused");
    row(
        "the API server fails",
        owed().podRefused(500),
        "starting ApiError -> CreateSandbox 2, CreateFront 2");
    row(
        "the Service is refused",
        starting().frontRefused(403),
        "starting ServiceRefused -> CreateFront 2");
    row(
        "the Service is refused until the deadline",
        starting().serving().frontRefused(403).at(120),
        "failed ServiceRefused");
    row(
        "the API server fails until the deadline",
        owed().podRefused(500).at(120),
        "failed ApiError");
    row(
        "deleted by hand, and a new Service is refused",
        ready().frontRefused(403),
        "unhealthy ServiceRefused -> CreateFront 2");
    row(
        "deleted by hand, and the API server fails",
        ready().frontRefused(500),
        "unhealthy ApiError -> CreateFront 2");
    row(
        "deleted by hand, and a quota leaves no room for a new Service",
        ready().frontOverQuota(),
        "unhealthy QuotaExceeded -> CreateFront 2");
    row(
        "the namespace's policy is gone and refused while the check fails",
        unhealthy().isolationRefused(403),
        "unhealthy NetworkPolicyRefused -> IsolateNamespace tenant");
    row(
        "the namespace's policy is gone and its name taken while the check fails",
        unhealthy().isolationRefused(409),
        "unhealthy NameConflict -> IsolateNamespace tenant");
    row(
        "the Secret of an agent that serves cannot be deleted",
        ready().withTransientEnv().secretNotDeleted(),
        "ready Serving");
    row("ready, and the node makes it anew", ready().waiting(null), "unhealthy AgentRestarting");
    row("a pod that cannot be valid", owed().podRefused(422), "failed PodRefused");
    row("pod name taken", owed().foreignPod(), "failed NameConflict");
    row(
        "pod name held by a child of a former service",
        owed().formerPod(),
        "starting Restarting -> CreateSandbox 2, CreateFront 2");
    row("that, for too long", owed().formerPod().at(120), "failed StartDeadlineExceeded");
  }

  // ---- what the agent's process does

  private void processes() {
    live(
        "the check fails",
        Situation::probeFails,
        "starting Starting",
        "failed ProbeFailed",
        "unhealthy ProbeFailed",
        "unhealthy ProbeFailed");
    withEnv("the check fails", Situation::probeFails, "unhealthy ProbeFailed");
    always("all is well", Situation::serving, "ready Serving");
    withEnv("all is well", Situation::serving, "ready Serving");

    for (var code : List.of(0, 1, 137)) {
      live(
          "exits with " + code,
          s -> s.restarting(code, 1),
          "starting CrashLoop",
          "failed CrashLoop",
          "unhealthy CrashLoop",
          "unhealthy CrashLoop");
    }
    live(
        "out of memory",
        s -> s.restartingForMemory(1),
        "starting OOMKilled",
        "failed OOMKilled",
        "unhealthy OOMKilled",
        "unhealthy OOMKilled");
    always("exits again and again", s -> s.restarting(1, 5), "failed CrashLoop");
    always("out of memory again and again", s -> s.restartingForMemory(5), "failed OOMKilled");
    row(
        "ready for a day: exits for the sixth time in its life, not in a row",
        ready().readySince(10).restartingAfterRun(2, 86_399, 6).at(86_400),
        "unhealthy CrashLoop");
    row(
        "exits a minute after an exit that ended a day of service",
        ready().stableAfter(5).readySince(86_410).restartingAfterRun(86_402, 86_470, 6).at(86_471),
        "unhealthy CrashLoop");
    row(
        "and then keeps exiting",
        unhealthy().stableAfter(5).restartingAfterRun(86_900, 86_910, 10).at(86_911),
        "failed CrashLoop");
    row(
        "ready once, and since then exits before it answers",
        unhealthy().readySince(5).restartingAfterRun(890, 895, 5).at(900),
        "failed CrashLoop");
    row(
        "ready for nine minutes, and its exit is seen late",
        ready().readySince(5).restartingAfterRun(2, 545, 5).at(900),
        "failed CrashLoop");

    always("under Never, exits with 0", s -> s.never().exited(0), "stopped Completed");
    for (var code : List.of(1, 137)) {
      always("under Never, exits with " + code, s -> s.never().exited(code), "failed Exited");
    }
    always(
        "under Never, out of memory", s -> s.never().killed(137, "OOMKilled"), "failed OOMKilled");

    withEnv("exits with 0", s -> s.exited(0), "failed EnvLost -> ForgetSecret env-1");
    withEnv("exits with 1", s -> s.exited(1), "failed Exited -> ForgetSecret env-1");
    withEnv(
        "killed for memory",
        s -> s.killed(137, "OOMKilled"),
        "failed OOMKilled -> ForgetSecret env-1");
    withEnv(
        "under Never, exits with 0",
        s -> s.never().exited(0),
        "stopped Completed -> ForgetSecret env-1");
  }

  // ---- what becomes of the pod

  private void sandboxes() {
    var replaced = "unhealthy SandboxLost -> BeginAttempt 3, CreateSandbox 3, PointFront 3";
    always("evicted", Situation::evicted, "unhealthy Evicted -> RemoveSandbox 2");
    always("under Never, evicted", s -> s.never().evicted(), "failed Evicted");
    withEnv("evicted", Situation::evicted, "failed Evicted -> ForgetSecret env-1");
    row(
        "the kubelet gives up a pod that had restarted",
        ready().exited(137),
        "unhealthy Exited -> RemoveSandbox 2");
    row("the same with code 0", ready().exited(0), "unhealthy Exited -> RemoveSandbox 2");

    always("deleted by hand", Situation::leaving, "unhealthy SandboxLost");
    always("under Never, deleted by hand", s -> s.never().leaving(), "failed SandboxLost");
    withEnv("deleted by hand", Situation::leaving, "failed EnvLost -> ForgetSecret env-1");
    row("stuck terminating, for hours", ready().leaving().at(9_000), "unhealthy SandboxLost");

    always("deleted by hand, and gone", Situation::gone, replaced);
    always("under Never, gone", s -> s.never().gone(), "failed SandboxLost");
    withEnv("gone", Situation::gone, "failed EnvLost -> ForgetSecret env-1");
    var lostThreeTimes = unhealthy().recoveries(3).lostAt(30).gone();
    row("the fourth loss in a row waits 20 s", lostThreeTimes.at(49), "unhealthy SandboxLost");
    row("and then is made good", lostThreeTimes.at(50), replaced);
    row("the seventh in a row", ready().recoveries(6).gone(), "failed SandboxLost");
    row("the seventh, after 10 good minutes", ready().recoveries(6).gone().at(605), replaced);
    row(
        "replaced while an undeclared name comes",
        ready().allowsOnly("COLOR").lasting("OTHER").gone(),
        "failed EnvNotAllowed");

    for (var reason :
        List.of(
            Reason.ENV_SECRET_NOT_FOUND,
            Reason.ENV_CONFIG_MAP_NOT_FOUND,
            Reason.ENV_KEY_NOT_FOUND,
            Reason.ENV_SOURCE_REFUSED)) {
      var lacks = ready().lastingMissing(reason, "settings").gone();
      row("replaced, lasting: " + reason.word(), lacks, "unhealthy " + reason.word());
      row(
          "replaced, lasting, too long: " + reason.word(),
          lacks.lostAt(30).at(150),
          "failed " + reason.word());
    }

    always("node lost", Situation::nodeLost, "unhealthy NodeLost");
    always("under Never, node lost", s -> s.never().nodeLost(), "unhealthy NodeLost");
    withEnv("node lost", Situation::nodeLost, "failed NodeLost -> ForgetSecret env-1");
    always("node gone", Situation::nodeGone, "unhealthy SandboxLost -> RemoveSandbox 2");
    always("under Never, node gone", s -> s.never().nodeGone(), "failed SandboxLost");
    withEnv("node gone", Situation::nodeGone, "failed EnvLost -> ForgetSecret env-1");
    row("node lost, then its pod gone", unhealthy().lastReason("NodeLost").gone(), replaced);
  }

  // ---- the namespace's network

  private void network() {
    row(
        "the first sandbox of a namespace",
        applied().open(),
        "starting Starting -> BeginAttempt 1, IsolateNamespace tenant, CreateSandbox 1, CreateFront 1");
    row(
        "operator died before it",
        owed().open(),
        "starting Starting -> IsolateNamespace tenant, CreateSandbox 2, CreateFront 2");
    row(
        "the namespace's policy was deleted by hand",
        ready().open(),
        "ready Serving -> IsolateNamespace tenant");
    var sandboxLater = " -> IsolateNamespace tenant, CreateSandbox 2, CreateFront 2";
    row(
        "the policy is refused",
        owed().isolationRefused(403),
        "starting NetworkPolicyRefused" + sandboxLater);
    row(
        "the policy is refused until the deadline",
        owed().isolationRefused(403).at(120),
        "failed NetworkPolicyRefused");
    row(
        "the policy's name is taken",
        owed().isolationRefused(409),
        "starting NameConflict" + sandboxLater);
    row(
        "while an agent serves, it cannot be put back",
        ready().isolationRefused(403),
        "ready Serving -> IsolateNamespace tenant");
  }

  // ---- the Service and its endpoints

  private void fronts() {
    live(
        "no ready endpoint",
        Situation::endpointNotReady,
        "starting Starting",
        "failed EndpointNotReady",
        "unhealthy EndpointNotReady",
        "unhealthy EndpointNotReady");
    row(
        "Service deleted by hand",
        ready().frontGone(),
        "unhealthy EndpointNotReady -> CreateFront 2");
    row(
        "Service deleted by hand, and the version it runs by",
        ready().unavailable(Reason.VERSION_NOT_FOUND, "echo-v1").frontGone(),
        "unhealthy EndpointNotReady -> CreateFront 2");
    row("Service name taken", starting().foreignFront(), "failed NameConflict");
    row(
        "Service of a former service still there",
        starting().formerFront(),
        "starting Starting -> CreateFront 2");
    row(
        "Service's port changed by hand",
        starting().front(new Front.Present(2, 9, false)),
        "starting Starting -> PointFront 2");
    row(
        "Service points to the attempt before",
        starting().frontOfOlderAttempt(),
        "starting Starting -> PointFront 2");
  }

  // ---- the deployment goes

  private void deployments() {
    always("deployment deleted", Situation::deploymentDeleted, "failed DeploymentDeleted");
    withEnv(
        "deployment deleted",
        Situation::deploymentDeleted,
        "failed DeploymentDeleted -> ForgetSecret env-1");
    row(
        "suspended while it runs",
        ready().unavailable(Reason.DEPLOYMENT_SUSPENDED, "echo"),
        "ready Serving");
    row(
        "its version was deleted while it runs",
        ready().unavailable(Reason.VERSION_NOT_FOUND, "echo-v1"),
        "ready Serving");
  }

  // ---- what it is told

  private void env() {
    var firstWithEnv =
        "starting Starting -> OwnSecret env-1, BeginAttempt 1, CreateSandbox 1, CreateFront 1";
    var wantsEnv = applied().namesSecret("env-1");
    row("a Secret is there", wantsEnv.secretThere("TOKEN"), firstWithEnv);
    row("a Secret of ours is there", wantsEnv.secretOwned("TOKEN"), FIRST_START);
    row("Secret not there", wantsEnv.secretAbsent(), "starting EnvSecretNotFound");
    row(
        "Secret not there in time",
        wantsEnv.secretAbsent().startPendingSince(0).at(120),
        "failed EnvSecretNotFound");
    row(
        "Secret comes late",
        neverStarted(Reason.ENV_SECRET_NOT_FOUND).namesSecret("env-1").secretThere("TOKEN").at(900),
        firstWithEnv);
    row(
        "Secret of another kind or owner",
        wantsEnv.secretInvalid(),
        "failed EnvSecretInvalid -> ForgetSecret env-1");
    row("the operator may not read it", wantsEnv.secretForbidden(), "starting EnvSourceRefused");
    row(
        "the operator may not read it for long",
        wantsEnv.secretForbidden().startPendingSince(0).at(120),
        "failed EnvSourceRefused");
    row(
        "the operator may read it at last",
        neverStarted(Reason.ENV_SOURCE_REFUSED).namesSecret("env-1").secretThere("TOKEN").at(900),
        firstWithEnv);
    row(
        "the operator may read it and not own it",
        wantsEnv.secretThere("TOKEN").secretNotOwned(),
        "starting EnvSourceRefused -> OwnSecret env-1");
    row(
        "the same after the operator died in the middle",
        owed().withTransientEnv().secretForbidden(),
        "starting EnvSourceRefused -> CreateFront 2");
    row(
        "Secret with NUL",
        wantsEnv.secretWithUnusable("TOKEN"),
        "failed EnvInvalid -> ForgetSecret env-1");
    row("NUL by envFrom", applied().lastingUnusable("COLOR"), "failed EnvInvalid");
    row("required name missing", applied().requires("TOKEN"), "failed EnvMissing");
    row("required name brought", wantsEnv.requires("TOKEN").secretThere("TOKEN"), firstWithEnv);
    row(
        "undeclared name",
        wantsEnv.allowsOnly("COLOR").secretThere("TOKEN"),
        "failed EnvNotAllowed -> ForgetSecret env-1");
    row(
        "undeclared name by envFrom",
        applied().allowsOnly("COLOR").lasting("TOKEN"),
        "failed EnvNotAllowed");
    row(
        "a name that the recipe sets itself",
        applied().setsItself("COLOR").lasting("COLOR"),
        "failed EnvNotAllowed");
    for (var reason :
        List.of(
            Reason.ENV_SECRET_NOT_FOUND,
            Reason.ENV_CONFIG_MAP_NOT_FOUND,
            Reason.ENV_KEY_NOT_FOUND,
            Reason.ENV_SOURCE_REFUSED)) {
      var missing = applied().lastingMissing(reason, "settings");
      row("lasting: " + reason.word(), missing, "starting " + reason.word());
      row(
          "lasting, too long: " + reason.word(),
          missing.startPendingSince(0).at(120),
          "failed " + reason.word());
    }

    row("its labels were taken off", ready().unlabelled(), "ready Serving -> LabelSandbox 2");
    row(
        "its labels were taken off before it is stopped",
        ready().unlabelled().stop(),
        "stopping Stopping -> LabelSandbox 2, RemoveSandbox 2");

    for (var refused : List.of(Reason.NAME_CONFLICT, Reason.NETWORK_POLICY_REFUSED)) {
      row(
          "too late, and last it was refused: " + refused.word(),
          owed().lastReason(refused.word()).at(120),
          "failed " + refused.word());
    }

    var begun = starting().withTransientEnv();
    row("the node prepares with env", begun, "starting Starting");
    row("the process has its env", begun.probeFails(), "starting Starting -> ForgetSecret env-1");
    row("serving with its env", begun.serving(), "ready Serving -> ForgetSecret env-1");
    row(
        "ten minutes after the injection",
        ready().withTransientEnv().at(602),
        "ready Serving -> ForgetSecret env-1");
    row("and after that look", ready().withTransientEnv().swept().at(700), "ready Serving");
    row(
        "ten minutes after the injection, but failed meanwhile",
        failed(Reason.EXITED).withTransientEnv().at(602),
        "failed Exited -> ForgetSecret env-1");

    row(
        "failed, and its Secret could not be deleted",
        failed(Reason.EXITED).withTransientEnv().secretLeft(),
        "failed Exited -> ForgetSecret env-1");

    var owedWithEnv = owed().withTransientEnv();
    row(
        "operator died before the pod, with env",
        owedWithEnv.secretOwned("TOKEN"),
        "starting Starting -> CreateSandbox 2, CreateFront 2");
    row(
        "operator died before the pod, Secret gone since",
        owedWithEnv.secretAbsent(),
        "starting EnvSecretNotFound -> CreateFront 2");
    row(
        "operator died before the pod, Secret replaced by a foreign one",
        owedWithEnv.secretInvalid(),
        "failed EnvSecretInvalid -> ForgetSecret env-1");
  }

  // ---- restarts

  private void restarts() {
    var again = "starting Starting -> BeginAttempt 3, CreateSandbox 3, PointFront 3";
    var down = "stopping Restarting -> RemoveSandbox 2";
    row("restart while starting", starting().restart(), down);
    row("restart while ready", ready().restart(), down);
    row("restart while unhealthy", unhealthy().restart(), down);
    row("restart, the old pod leaves", stopping().run().restart(), "stopping Restarting");
    row("restart, the old pod is gone", stopping().run().restart().gone(), again);
    row("restart after failure", failed(Reason.EXITED).restart(), again);
    row(
        "restart after failure, its pod still there",
        failed(Reason.EXITED).restart().exited(1),
        down);
    row("restart after completion", completed().restart(), again);
    row("restart of a stopped one that shall stay stopped", stopped().restart(), "stopped Stopped");

    for (var phase :
        List.of(starting(), ready(), unhealthy(), stopped(), completed(), failed(Reason.EXITED))) {
      var before = phase.verdict();
      row("first restartId: " + before, phase.firstRestartId(), before);
      row("restartId removed: " + before, phase.restartIdRemoved(), before);
    }

    var waits = ready().restart().namesSecret("env-2");
    row("restart waits for its Secret", waits.secretAbsent(), "ready Serving");
    row(
        "restart waits for its Secret too long",
        waits.secretAbsent().startPendingSince(60).at(180),
        "ready Serving -> ForgetSecret env-2");
    row(
        "restart's Secret is invalid",
        waits.secretInvalid(),
        "ready Serving -> ForgetSecret env-2");
    row(
        "its deployment was deleted while a Secret was named that no restart took",
        ready().namesSecret("env-2").deploymentDeleted(),
        "failed DeploymentDeleted -> ForgetSecret env-2");
    row("restart's Secret has come", waits.secretThere("TOKEN"), down);
    row(
        "restart, and the process has just got the env of the attempt before",
        starting()
            .withTransientEnv()
            .probeFails()
            .restart()
            .namesSecret("env-2")
            .secretThere("TOKEN"),
        "stopping Restarting -> ForgetSecret env-1, RemoveSandbox 2");
    row(
        "restart waits, and the process that just got its env has exited",
        starting().withTransientEnv().exited(1).restart().namesSecret("env-2").secretAbsent(),
        "starting EnvSecretNotFound -> ForgetSecret env-1, RemoveSandbox 2");
    row(
        "unhealthy, restart waits",
        unhealthy().restart().namesSecret("env-2").secretAbsent(),
        "unhealthy ProbeFailed");
    row(
        "restart names the consumed Secret",
        ready().withTransientEnv().restart().secretAbsent(),
        "ready Serving -> ForgetSecret env-1");
    row(
        "restart names the Secret that the agent has not been started with yet",
        starting().withTransientEnv().restart().secretOwned("TOKEN"),
        "starting Starting");
    row(
        "failed, restart names the consumed Secret",
        failed(Reason.EXITED).withTransientEnv().restart().secretAbsent(),
        "failed EnvSecretConsumed -> ForgetSecret env-1");
    row(
        "failed, somebody made the consumed Secret again",
        failed(Reason.EXITED).withTransientEnv().restart().secretThere("TOKEN"),
        "failed EnvSecretConsumed -> ForgetSecret env-1");
    row(
        "failed, restart brings an undeclared name",
        failed(Reason.EXITED)
            .allowsOnly("COLOR")
            .restart()
            .namesSecret("env-2")
            .secretThere("TOKEN"),
        "failed EnvNotAllowed -> ForgetSecret env-2");
    row(
        "failed, restart brings a new Secret",
        failed(Reason.EXITED)
            .withTransientEnv()
            .restart()
            .namesSecret("env-2")
            .secretThere("TOKEN"),
        "starting Starting -> OwnSecret env-2, ForgetSecret env-1, BeginAttempt 3, CreateSandbox 3, PointFront 3");
    row(
        "restart brings no Secret; a late copy of the former may be there",
        stopping().withTransientEnv().run().restart().namesNoSecret().gone(),
        "starting Starting -> ForgetSecret env-1, BeginAttempt 3, CreateSandbox 3, PointFront 3");
    row(
        "failed, restart waits for its Secret",
        failed(Reason.EXITED).restart().namesSecret("env-2").secretAbsent(),
        "starting EnvSecretNotFound");
    row(
        "failed, restart waits for its Secret, the pod still there",
        failed(Reason.EXITED).exited(1).restart().namesSecret("env-2").secretAbsent(),
        "starting EnvSecretNotFound -> RemoveSandbox 2");
    row(
        "restart waits, and the node with its env is lost meanwhile",
        starting()
            .withTransientEnv()
            .restart()
            .namesSecret("env-2")
            .secretAbsent()
            .nodeLostAndLeaving(),
        "starting EnvSecretNotFound -> ForgetSecret env-1, RemoveSandbox 2");
    row(
        "restart waits beside an agent whose node does not answer",
        unhealthy().restart().namesSecret("env-2").secretAbsent().nodeLost(),
        "unhealthy NodeLost");
    row(
        "restart waits, and the agent fails meanwhile",
        ready().restart().namesSecret("env-2").secretAbsent().restarting(1, 5),
        "failed CrashLoop");
    row(
        "a pending restart does not prolong the start it waits beside",
        starting()
            .waiting(Reason.IMAGE_PULL_FAILED)
            .restart()
            .namesSecret("env-2")
            .secretAbsent()
            .startPendingSince(60)
            .at(130),
        "failed ImagePullFailed");
  }

  // ---- desiredState

  private void stops() {
    var again = "starting Starting -> BeginAttempt 3, CreateSandbox 3, PointFront 3";
    always("stopped by its author", Situation::stop, "stopping Stopping -> RemoveSandbox 2");
    always("stopped, and no pod", s -> s.gone().stop(), "stopped Stopped");
    withEnv("stopped, and no pod", s -> s.gone().stop(), "stopped Stopped -> ForgetSecret env-1");
    row("stopped before it was seen", applied().stop(), "stopped Stopped");
    row(
        "stopped before it took its Secret",
        applied().namesSecret("env-1").stop(),
        "stopped Stopped -> ForgetSecret env-1");
    row(
        "stopped before it took a Secret that another one takes",
        applied().namesSecret("env-1").duplicateOf("shop-1", true).stop(),
        "stopped Stopped");
    row(
        "stopped while a restart waits",
        stopping().gone().restart().namesSecret("env-2").stop(),
        "stopped Stopped -> ForgetSecret env-2");
    row("stopping, the pod leaves", stopping(), "stopping Stopping");
    row("stopping, the pod is stuck", stopping().at(9_000), "stopping Stopping");
    row(
        "stopping, the node is lost",
        stopping().nodeLost(),
        "stopping Stopping -> RemoveSandbox 2");
    row("stopping, the pod is gone", stopping().gone(), "stopped Stopped");
    row("back to running before it stopped", stopping().run(), "stopping Restarting");
    row("back to running, the pod is gone", stopping().run().gone(), again);
    row("back to running", stopped().run(), again);
    row(
        "back to running with consumed env",
        stopped().withTransientEnv().secretAbsent().run(),
        "failed EnvSecretConsumed -> ForgetSecret env-1");
    row("failed, then stopped", failed(Reason.EXITED).stop(), "failed Exited");
    row("completed, then stopped", completed().stop(), "stopped Stopped");
  }

  // ---- after the end

  private void leftovers() {
    var again = "starting Starting -> BeginAttempt 3, CreateSandbox 3, PointFront 3";
    row("failed", failed(Reason.EXITED), "failed Exited");
    row("stopped", stopped(), "stopped Stopped");
    row("completed", completed(), "stopped Completed");
    row(
        "failed, its pod still there",
        failed(Reason.EXITED).exited(1),
        "failed Exited -> RemoveSandbox 2");
    row(
        "failed, a late child",
        failed(Reason.EXITED).serving(),
        "failed Exited -> RemoveSandbox 2");
    row("completed, a late child", completed().serving(), "stopped Completed -> RemoveSandbox 2");
    row("stopped, a late child", stopped().serving(), "stopped Stopped -> RemoveSandbox 2");
    row(
        "ready, a late child of the attempt before",
        ready().olderPod(),
        "ready Serving -> RemoveSandbox 1");
    // the record is kept for ttlSecondsAfterFinished; all these ended at second 50
    row("ttl not over", failed(Reason.EXITED).ttl(60).at(109), "failed Exited");
    row("ttl over: failed", failed(Reason.EXITED).ttl(60).at(110), "failed Exited -> DeleteRecord");
    row("ttl over: stopped", stopped().ttl(60).at(110), "stopped Stopped -> DeleteRecord");
    row("ttl over: completed", completed().ttl(0), "stopped Completed -> DeleteRecord");
    row("ttl of one that runs", ready().ttl(0).at(9_000), "ready Serving");
    row("ttl over, but it is wanted again", failed(Reason.EXITED).ttl(60).restart().at(110), again);
    row(
        "ttl over, but it may still heal",
        neverStarted(Reason.DEPLOYMENT_NOT_FOUND).ttl(60).at(110),
        FIRST_START);
    row(
        "ttl over, what it lacks never came",
        neverStarted(Reason.DEPLOYMENT_NOT_FOUND)
            .unavailable(Reason.DEPLOYMENT_NOT_FOUND, "echo")
            .ttl(60)
            .at(110),
        "failed DeploymentNotFound -> DeleteRecord");
    row("no ttl", failed(Reason.EXITED).at(99_000_000), "failed Exited");
    row(
        "pod owed, but a late child of the attempt before is there",
        owed().olderPod(),
        "starting Starting -> RemoveSandbox 1, CreateFront 2");
    row(
        "restart, a late child of the attempt before",
        stopping().run().restart().gone().olderPod(),
        "stopping Restarting -> RemoveSandbox 1");
  }
}
