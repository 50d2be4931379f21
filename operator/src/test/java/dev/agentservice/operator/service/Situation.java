package dev.agentservice.operator.service;

import dev.agentservice.operator.ConditionWriter;
import dev.agentservice.operator.edge.Protection;
import dev.agentservice.operator.edge.PublicAccess;
import dev.agentservice.operator.edge.PublicRoute;
import dev.agentservice.operator.edge.PublicUrlSettings;
import dev.agentservice.operator.edge.RouteTarget;
import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.operator.sandbox.SandboxSettings;
import dev.agentservice.v1alpha1.AdditionalEnv;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.EnvFrom;
import dev.agentservice.v1alpha1.EnvFromBuilder;
import dev.agentservice.v1alpha1.EnvSpec;
import dev.agentservice.v1alpha1.EnvValue;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.Readiness;
import dev.agentservice.v1alpha1.ReadinessStatus;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import dev.agentservice.v1alpha1.RestartPolicy;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A service in a situation, for tests. It begins in a phase, as the operator itself would have left
 * it one minute after the start of attempt 2, and each method adds one thing that happened:
 *
 * <pre>{@code ready().withTransientEnv().killed(137, "OOMKilled").at(90)}</pre>
 */
record Situation(Observation seen) {

  /** When the service was created and attempt 2 was begun; {@link #at} counts from here. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  static final int ATTEMPT = 2;
  static final int PORT = 8080;

  static final Template TEMPLATE =
      TemplateBuilder.builder()
          .image("registry.example/echo:1")
          .port(PORT)
          .readiness(new Readiness(null, new Readiness.TcpCheck(), 5, 3))
          .startTimeoutSeconds(120)
          .stopGraceSeconds(30)
          .restartPolicy(RestartPolicy.ALWAYS)
          .build();

  // ---- the phases

  /** Just applied; no operator has looked at it. */
  static Situation applied() {
    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("tenant")
            .withName("shop")
            .withUid("7a1c3b1e-0000-4000-8000-000000000001")
            .withGeneration(1L)
            .withCreationTimestamp(START.toString())
            .build());
    service.setSpec(AgentServiceSpecBuilder.builder().deployment("echo").build());
    return new Situation(
        new Observation(
            service,
            new Recipe.Found("echo", "echo-v1", TEMPLATE),
            new Admission.Admitted(),
            false,
            new TransientSecret.None(),
            List.of(),
            new Sandbox.Absent(),
            new Heard.Nothing(),
            List.of(),
            new Front.Absent(),
            Optional.empty(),
            new SandboxSettings(Optional.empty(), false),
            new Warm.None(),
            Optional.empty(),
            Optional.empty(),
            START.plusSeconds(60)));
  }

  /** The attempt was written down, and then the operator died. */
  static Situation owed() {
    return applied().begun(Phase.STARTING, Reason.STARTING, START);
  }

  static Situation starting() {
    return owed().sandboxKnown().frontThere(false).waiting(null);
  }

  static Situation ready() {
    return applied()
        .begun(Phase.READY, Reason.SERVING, START.plusSeconds(5))
        .sandboxKnown()
        .readySince(5)
        .serving();
  }

  static Situation unhealthy() {
    return applied()
        .begun(Phase.UNHEALTHY, Reason.PROBE_FAILED, START.plusSeconds(30))
        .sandboxKnown()
        .readySince(5)
        .probeFails();
  }

  static Situation stopping() {
    return applied()
        .begun(Phase.STOPPING, Reason.STOPPING, START.plusSeconds(50))
        .sandboxKnown()
        .leaving()
        .stop();
  }

  static Situation stopped() {
    return ended(Phase.STOPPED, Reason.STOPPED).stop();
  }

  static Situation completed() {
    return ended(Phase.STOPPED, Reason.COMPLETED).never();
  }

  static Situation failed(Reason reason) {
    return ended(Phase.FAILED, reason);
  }

  /** Failed before it ever had a sandbox. */
  static Situation neverStarted(Reason reason) {
    return applied()
        .status(
            status ->
                status
                    .withPhase(Phase.FAILED)
                    .withReadinessStatus(details(reason))
                    .withStoppedAt(START.plusSeconds(50).toString())
                    .withConditions(conditions(Phase.FAILED, reason, START.plusSeconds(50))));
  }

  private static Situation ended(Phase phase, Reason reason) {
    return applied()
        .begun(phase, reason, START.plusSeconds(50))
        .frontThere(false)
        .status(status -> status.withStoppedAt(START.plusSeconds(50).toString()));
  }

  // ---- what became of the sandbox

  Situation waiting(Reason obstacle) {
    return sandbox(new Sandbox.Waiting(facts(ATTEMPT, "Pending", false, 0, null), obstacle));
  }

  Situation serving() {
    return sandbox(new Sandbox.Running(facts(ATTEMPT, "Running", true, 0, null), true))
        .frontThere(true);
  }

  Situation probeFails() {
    return sandbox(new Sandbox.Running(facts(ATTEMPT, "Running", true, 0, null), false))
        .frontThere(false);
  }

  Situation endpointNotReady() {
    return serving().frontThere(false);
  }

  Situation restarting(int exitCode, int times) {
    return restarting(new Sandbox.Exit(exitCode, false, false), times);
  }

  /** It exits with 1; this time it had run from one second to the other. */
  Situation restartingAfterRun(long started, long ended, int times) {
    var exit = new Sandbox.Exit(1, false, false);
    var run = new Sandbox.Run(START.plusSeconds(started), START.plusSeconds(ended));
    return sandbox(new Sandbox.Restarting(facts(ATTEMPT, "Running", true, times, exit, run), exit))
        .frontThere(false);
  }

  Situation restartingForMemory(int times) {
    return restarting(new Sandbox.Exit(137, true, false), times);
  }

  private Situation restarting(Sandbox.Exit exit, int times) {
    return sandbox(new Sandbox.Restarting(facts(ATTEMPT, "Running", true, times, exit), exit))
        .frontThere(false);
  }

  Situation exited(int code) {
    return ended(new Sandbox.Exit(code, false, false));
  }

  Situation killed(int code, String why) {
    return ended(new Sandbox.Exit(code, why.equals("OOMKilled"), false));
  }

  Situation evicted() {
    return ended(new Sandbox.Exit(137, false, true));
  }

  private Situation ended(Sandbox.Exit exit) {
    return sandbox(new Sandbox.Ended(facts(ATTEMPT, "Failed", true, 0, exit), exit))
        .frontThere(false);
  }

  Situation leaving() {
    return sandbox(new Sandbox.Leaving(facts(ATTEMPT, "Running", true, 0, null))).frontThere(false);
  }

  Situation nodeLost() {
    return nodeLost(false);
  }

  /** The node controller deletes the pod, which nobody can end while its node is away. */
  Situation nodeLostAndLeaving() {
    return nodeLost(true);
  }

  private Situation nodeLost(boolean leaving) {
    return sandbox(new Sandbox.NodeLost(facts(ATTEMPT, "Running", true, 0, null), leaving))
        .frontThere(false);
  }

  Situation nodeGone() {
    return sandbox(new Sandbox.Orphaned(facts(ATTEMPT, "Failed", true, 0, null))).frontThere(false);
  }

  Situation gone() {
    return sandbox(new Sandbox.Absent()).frontThere(false);
  }

  Situation foreignPod() {
    return sandbox(new Sandbox.Foreign(podName(ATTEMPT)));
  }

  Situation formerPod() {
    return sandbox(new Sandbox.Former(podName(ATTEMPT)));
  }

  /** The API server would not have the pod. */
  Situation podRefused(int httpStatus) {
    return refused(new Refusal(new Action.CreateSandbox(new Pod()), httpStatus, false));
  }

  Situation podOverQuota() {
    return refused(new Refusal(new Action.CreateSandbox(new Pod()), 403, true));
  }

  /** The API server would not have the Service. */
  Situation frontRefused(int httpStatus) {
    return frontGone()
        .refused(new Refusal(new Action.CreateFront(new Service()), httpStatus, false));
  }

  Situation frontOverQuota() {
    return frontGone().refused(new Refusal(new Action.CreateFront(new Service()), 403, true));
  }

  /** The namespace has no NetworkPolicy for sandboxes. */
  Situation open() {
    return new Situation(seen.withIsolation(Optional.of(SandboxNetwork.isolation("tenant"))));
  }

  /** The API server would not have the NetworkPolicy; 409: a foreign one has its name. */
  Situation isolationRefused(int httpStatus) {
    var action = new Action.IsolateNamespace(SandboxNetwork.isolation("tenant"));
    return open().refused(new Refusal(action, httpStatus, false));
  }

  /** The API server does not let the operator attach. */
  Situation attachRefused(int httpStatus) {
    return refused(
        new Refusal(new Action.DeliverEnv(podName(ATTEMPT), "uid-" + ATTEMPT), httpStatus, false));
  }

  /** The operator may not make the Secret its service's. */
  Situation secretNotOwned() {
    return refused(new Refusal(new Action.OwnSecret(secretName(), "secret-uid"), 403, false));
  }

  Situation secretNotDeleted() {
    return refused(new Refusal(new Action.ForgetSecret("env-1"), 403, false));
  }

  Situation recordNotDeleted() {
    return refused(new Refusal(new Action.DeleteRecord(), 403, false));
  }

  private Situation refused(Refusal refusal) {
    return new Situation(seen.withRefusal(Optional.of(refusal)));
  }

  /** A pod of the attempt before is there, too. */
  Situation olderPod() {
    return new Situation(
        seen.withOthers(
            List.of(new Sandbox.Running(facts(ATTEMPT - 1, "Running", true, 0, null), true))));
  }

  // ---- the public URL

  /** The installation has public URLs, and the deployment permits them. */
  Situation publicUrl(PublicUrlSettings settings, Protection protection) {
    return publicAccess(new PublicAccess(settings, true, protection, Optional.empty()));
  }

  Situation publicAccess(PublicAccess access) {
    return new Situation(seen.withPublicAccess(Optional.of(access)));
  }

  /** The route as it should be, or as {@code change} made it. */
  Situation routed(UnaryOperator<HasMetadata> change) {
    var access = seen.publicAccess().orElseThrow();
    var route =
        PublicRoute.of(RouteTarget.of(seen.service(), access.settings()), access.settings());
    return publicAccess(access.withRoute(route.map(change)));
  }

  Situation routeRefused(int httpStatus) {
    return refused(new Refusal(new Action.PutRoute(new Ingress()), httpStatus, false));
  }

  Situation notPermitted() {
    var access = seen.publicAccess().orElseThrow();
    return publicAccess(
        new PublicAccess(access.settings(), false, access.protection(), access.route()));
  }

  Situation sandbox(Sandbox sandbox) {
    return new Situation(seen.withSandbox(sandbox));
  }

  // ---- the launcher in it

  /** A launcher starts the agent; what became of the sandbox so far became of one with it. */
  Situation launched() {
    var launched =
        new Situation(
            seen.withSandboxes(
                    new SandboxSettings(Optional.of("registry.example/launcher:1"), false))
                .withSandbox(withLauncher(seen.sandbox())));
    return seen.recipe() instanceof Recipe.Found
        ? launched.recipe(template -> template.withCommand(List.of("/agent")))
        : launched;
  }

  private static Sandbox withLauncher(Sandbox sandbox) {
    return switch (sandbox) {
      case Sandbox.Waiting(var pod, var obstacle) ->
          new Sandbox.Waiting(withLauncher(pod), obstacle);
      case Sandbox.Running(var pod, var ready) -> new Sandbox.Running(withLauncher(pod), ready);
      case Sandbox.Leaving(var pod) -> new Sandbox.Leaving(withLauncher(pod));
      default -> sandbox;
    };
  }

  private static Sandbox.PodFacts withLauncher(Sandbox.PodFacts pod) {
    return with(pod, true, false, pod.readyAt());
  }

  private static Sandbox.PodFacts with(
      Sandbox.PodFacts pod, boolean supervised, boolean everRan, Instant readyAt) {
    return with(pod, supervised, everRan, readyAt, pod.labels());
  }

  private static Sandbox.PodFacts with(
      Sandbox.PodFacts pod,
      boolean supervised,
      boolean everRan,
      Instant readyAt,
      Map<String, String> labels) {
    return new Sandbox.PodFacts(
        pod.name(),
        pod.uid(),
        pod.phase(),
        pod.node(),
        pod.restarts(),
        supervised,
        everRan,
        pod.scheduledAt(),
        pod.agentStartedAt(),
        readyAt,
        pod.lastExit(),
        pod.lastRun(),
        labels);
  }

  /** The pod says that it is Ready since then. */
  Situation podReadySince(long second) {
    var running = (Sandbox.Running) seen.sandbox();
    var pod = running.pod();
    return sandbox(
        new Sandbox.Running(
            with(pod, pod.supervised(), pod.everRan(), START.plusSeconds(second)),
            running.ready()));
  }

  /** Status says that the launcher started the agent as this process. */
  Situation process(long id) {
    return status(status -> status.withProcessId(id));
  }

  /** This operator has heard that the agent was started, and whether it answers by now. */
  Situation heard(long processId, boolean serving) {
    return heard(new Heard.Agent(processId, serving, 0, null));
  }

  Situation heard(Heard heard) {
    return new Situation(seen.withHeard(heard));
  }

  /** The launcher is to hand the transient Secret env-1 over, and has not. */
  Situation undelivered() {
    return namesSecret("env-1")
        .status(status -> status.withEnvSecretName("env-1"))
        .condition(Conditions.ENV_INJECTED, false, Conditions.NOT_DELIVERED, START.plusSeconds(1));
  }

  // ---- the pool

  static final Warm.Free FREE = new Warm.Free("echo-abcdefghij", "warm-uid", "7");

  /** A sandbox of the deployment's pool waits for this service. */
  Situation warm() {
    return new Situation(launched().seen.withWarm(FREE));
  }

  /** Status names a sandbox of the pool that this service has not taken yet. */
  Situation untaken() {
    return toTake().sandbox(new Sandbox.Untaken(FREE));
  }

  /** The sandbox that status names is somebody else's, or gone. */
  Situation missed() {
    return toTake().sandbox(new Sandbox.Missed(FREE.name()));
  }

  private Situation toTake() {
    return launched().status(status -> status.withSandboxId(FREE.name()));
  }

  // ---- the Service in front

  Situation frontThere(boolean serving) {
    return front(new Front.Present(ATTEMPT, PORT, serving));
  }

  Situation frontGone() {
    return front(new Front.Absent());
  }

  Situation frontOfOlderAttempt() {
    return front(new Front.Present(ATTEMPT - 1, PORT, false));
  }

  Situation foreignFront() {
    return front(new Front.Foreign("shop"));
  }

  Situation formerFront() {
    return front(new Front.Former("shop"));
  }

  Situation front(Front front) {
    return new Situation(seen.withFront(front));
  }

  // ---- the recipe

  Situation recipe(UnaryOperator<Template> change) {
    var found = (Recipe.Found) seen.recipe();
    return new Situation(
        seen.withRecipe(
            new Recipe.Found(found.deployment(), found.version(), change.apply(found.template()))));
  }

  Situation never() {
    return recipe(template -> template.withRestartPolicy(RestartPolicy.NEVER));
  }

  Situation requires(String... names) {
    return recipe(template -> template.withEnvSpec(new EnvSpec(List.of(names), null, null)));
  }

  Situation allowsOnly(String... names) {
    return recipe(
        template -> template.withEnvSpec(new EnvSpec(null, List.of(names), AdditionalEnv.DENY)));
  }

  Situation setsItself(String name) {
    return recipe(template -> template.withEnv(List.of(new EnvValue(name, "plain"))));
  }

  Situation unavailable(Reason reason, String subject) {
    return new Situation(seen.withRecipe(new Recipe.Unavailable(reason, subject)));
  }

  Situation idempotencyKey(String annotated) {
    seen.service()
        .getMetadata()
        .setAnnotations(Map.of(Names.IDEMPOTENCY_KEY_ANNOTATION, annotated));
    return this;
  }

  /** The deployment has no place left. */
  Situation full() {
    return new Situation(seen.withAdmission(new Admission.Full()));
  }

  Situation duplicateOf(String winner, boolean sharesSecret) {
    return new Situation(seen.withAdmission(new Admission.Duplicate(winner, sharesSecret)));
  }

  Situation deploymentDeleted() {
    return new Situation(
        unavailable(Reason.DEPLOYMENT_NOT_FOUND, "echo").seen.withDeploymentDeleted(true));
  }

  // ---- env

  /** The current attempt consumed the transient Secret env-1; once it ran, its values are in. */
  Situation withTransientEnv() {
    var injected = seen.status().phase() != Phase.STARTING;
    return namesSecret("env-1")
        .status(status -> status.withEnvSecretName("env-1"))
        .condition(
            Conditions.ENV_INJECTED,
            injected,
            injected ? Conditions.INJECTED : Conditions.NOT_YET,
            START.plusSeconds(2));
  }

  Situation swept() {
    return condition(Conditions.ENV_INJECTED, true, Conditions.SWEPT, START.plusSeconds(2));
  }

  /** A pass before could not delete it. */
  Situation secretLeft() {
    return condition(
        Conditions.ENV_INJECTED, false, Reason.SECRET_NOT_DELETED.word(), START.plusSeconds(2));
  }

  Situation namesSecret(String name) {
    return new Situation(
        spec(spec -> spec.withEnvSecret(new AgentServiceSpec.EnvSecret(name)))
            .seen
            .withTransientSecret(new TransientSecret.NotRead(name)));
  }

  Situation namesNoSecret() {
    return new Situation(
        spec(spec -> spec.withEnvSecret(null))
            .seen
            .withTransientSecret(new TransientSecret.None()));
  }

  Situation secretThere(String... keys) {
    return secret(
        new TransientSecret.Present(
            secretName(), "secret-uid", "1", Set.of(keys), Set.of(), false));
  }

  Situation secretOwned(String... keys) {
    return secret(
        new TransientSecret.Present(secretName(), "secret-uid", "1", Set.of(keys), Set.of(), true));
  }

  Situation secretWithUnusable(String key) {
    return secret(
        new TransientSecret.Present(
            secretName(), "secret-uid", "1", Set.of(key), Set.of(key), false));
  }

  Situation secretAbsent() {
    return secret(new TransientSecret.Absent(secretName()));
  }

  Situation secretForbidden() {
    return secret(new TransientSecret.Refused(secretName()));
  }

  Situation secretInvalid() {
    return secret(new TransientSecret.Invalid(secretName()));
  }

  Situation secret(TransientSecret secret) {
    return new Situation(seen.withTransientSecret(secret));
  }

  private String secretName() {
    return seen.spec().envSecret().name();
  }

  /** {@code spec.envFrom} names a ConfigMap that brings these. */
  Situation lasting(String... names) {
    return lasting(LastingSource.of(SETTINGS, Set.of(names)));
  }

  /** As {@link #lasting}, with a value that no process can be given. */
  Situation lastingUnusable(String name) {
    return lasting(LastingSource.of(SETTINGS, Set.of(name), Set.of(name)));
  }

  Situation lastingMissing(Reason reason, String subject) {
    return lasting(LastingSource.missing(SETTINGS, reason, subject));
  }

  private static final EnvFrom SETTINGS =
      EnvFromBuilder.builder().configMapRef(new EnvFrom.WholeRef("settings")).build();

  private Situation lasting(LastingSource source) {
    return new Situation(
        spec(spec -> spec.withEnvFrom(List.of(source.entry())))
            .seen
            .withLastingSources(List.of(source)));
  }

  // ---- what the author asks for

  Situation stop() {
    return spec(spec -> spec.withDesiredState(DesiredState.STOPPED));
  }

  Situation run() {
    return spec(spec -> spec.withDesiredState(DesiredState.RUNNING));
  }

  Situation restart() {
    return status(status -> status.withRestartId("a")).spec(spec -> spec.withRestartId("b"));
  }

  Situation firstRestartId() {
    return spec(spec -> spec.withRestartId("a"));
  }

  Situation restartIdRemoved() {
    return status(status -> status.withRestartId("a"));
  }

  /** A start has been waiting for what it needs since then. */
  Situation startPendingSince(long second) {
    return condition(
        Conditions.START_PENDING,
        true,
        Reason.ENV_SECRET_NOT_FOUND.word(),
        START.plusSeconds(second));
  }

  Situation ttl(int seconds) {
    return spec(spec -> spec.withTtlSecondsAfterFinished(seconds));
  }

  // ---- the record

  Situation recoveries(int inARow) {
    return readiness(details -> ReadinessStatusBuilder.builder(details).recoveries(inARow).build());
  }

  Situation lostAt(long second) {
    return readiness(
        details ->
            ReadinessStatusBuilder.builder(details)
                .lostAt(START.plusSeconds(second).toString())
                .build());
  }

  /** The agent had been restarted so often when it last exited after long service. */
  Situation stableAfter(int restarts) {
    return readiness(
        details -> ReadinessStatusBuilder.builder(details).stableRestartCount(restarts).build());
  }

  Situation readySince(long second) {
    return readiness(
        details ->
            ReadinessStatusBuilder.builder(details)
                .readyAt(START.plusSeconds(second).toString())
                .build());
  }

  /** The word that the last pass left in status. */
  Situation lastReason(String word) {
    return readiness(
        details -> ReadinessStatusBuilder.builder(details).reason(word).message(word).build());
  }

  private Situation readiness(UnaryOperator<ReadinessStatus> change) {
    return status(status -> status.withReadinessStatus(change.apply(status.readinessStatus())));
  }

  Situation condition(String type, boolean status, String reason, Instant since) {
    return status(
        before -> {
          var conditions = new ArrayList<Condition>();
          Stream.ofNullable(before.conditions())
              .flatMap(List::stream)
              .filter(other -> !other.getType().equals(type))
              .forEach(conditions::add);
          conditions.add(conditionOf(type, status, reason, since));
          return before.withConditions(List.copyOf(conditions));
        });
  }

  Situation at(long second) {
    return new Situation(seen.withNow(START.plusSeconds(second)));
  }

  Situation spec(UnaryOperator<AgentServiceSpec> change) {
    var copy = ServiceStatus.withStatus(seen.service(), seen.service().getStatus());
    copy.setSpec(change.apply(seen.spec()));
    return new Situation(seen.withService(copy));
  }

  Situation status(UnaryOperator<AgentServiceStatus> change) {
    return new Situation(
        seen.withService(ServiceStatus.withStatus(seen.service(), change.apply(seen.status()))));
  }

  private Situation begun(Phase phase, Reason reason, Instant since) {
    return status(
        status ->
            AgentServiceStatusBuilder.builder(status)
                .observedGeneration(1L)
                .id(seen.service().id())
                .phase(phase)
                .deploymentId("echo")
                .versionId("echo-v1")
                .port(PORT)
                .attempt(ATTEMPT)
                .attemptStartedAt(START.toString())
                .createdAt(START.toString())
                .updatedAt(since.toString())
                .readinessStatus(details(reason))
                .conditions(conditions(phase, reason, since))
                .build());
  }

  private Situation sandboxKnown() {
    return status(status -> status.withSandboxId(podName(ATTEMPT)));
  }

  private String podName(int attempt) {
    return ServiceNames.sandbox(seen.service(), attempt);
  }

  private Sandbox.PodFacts facts(
      int attempt, String phase, boolean ran, int restarts, Sandbox.Exit lastExit) {
    return facts(attempt, phase, ran, restarts, lastExit, null);
  }

  /** What every pod of this service has in common. */
  private Sandbox.PodFacts facts(
      int attempt,
      String phase,
      boolean ran,
      int restarts,
      Sandbox.Exit lastExit,
      Sandbox.Run lastRun) {
    var runs = ran && lastExit == null;
    return new Sandbox.PodFacts(
        podName(attempt),
        "uid-" + attempt,
        phase,
        "node-1",
        restarts,
        seen.sandboxes().launcherImage().isPresent(),
        ran && seen.sandboxes().launcherImage().isEmpty(),
        START.plusSeconds(1),
        runs ? START.plusSeconds(2) : null,
        null,
        lastExit,
        lastRun,
        labels(attempt));
  }

  /** Its own, and that of a sandbox that waited. */
  private Map<String, String> labels(int attempt) {
    var labels = new HashMap<>(ServiceNames.labels(seen.service(), attempt));
    labels.put(Names.DEPLOYMENT_LABEL, "echo");
    labels.put(Names.SANDBOX_LABEL, FREE.name());
    return labels;
  }

  /** Somebody took the pod's labels off, to look at it apart from its Service. */
  Situation unlabelled() {
    return seen.sandbox() instanceof Sandbox.Running(var pod, var ready)
        ? sandbox(
            new Sandbox.Running(
                with(pod, pod.supervised(), pod.everRan(), pod.readyAt(), Map.of()), ready))
        : this;
  }

  private static ReadinessStatus details(Reason reason) {
    return ReadinessStatusBuilder.builder()
        .reason(reason.word())
        .message(reason.sentence("it"))
        .build();
  }

  private static List<Condition> conditions(Phase phase, Reason reason, Instant since) {
    var ready = conditionOf(ConditionWriter.READY, phase == Phase.READY, reason.word(), since);
    return switch (phase) {
      case READY -> List.of(ready);
      case STARTING, STOPPING, UNHEALTHY ->
          List.of(ready, conditionOf(ConditionWriter.RECONCILING, true, reason.word(), since));
      case FAILED ->
          List.of(ready, conditionOf(ConditionWriter.STALLED, true, reason.word(), since));
      case STOPPED -> List.of();
    };
  }

  private static Condition conditionOf(String type, boolean status, String reason, Instant since) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status ? ConditionWriter.TRUE : ConditionWriter.FALSE)
        .withReason(reason)
        .withMessage(reason)
        .withLastTransitionTime(since.toString())
        .withObservedGeneration(1L)
        .build();
  }

  // ---- what comes of it

  /** The verdict in two words. */
  String verdict() {
    var verdict = Rules.verdict(seen);
    return verdict.phase().word() + " " + verdict.reason();
  }

  /** The planned writes, each with what it is about: an attempt's number or a Secret's name. */
  List<String> plan() {
    return Stream.of(Plan.next(seen), Plan.onTheLaunchersWord(seen), Plan.atTheEnd(seen))
        .flatMap(List::stream)
        .map(this::words)
        .toList();
  }

  private String words(Action action) {
    return switch (action) {
      case Action.OwnSecret own -> "OwnSecret " + own.name();
      case Action.BeginAttempt begin -> "BeginAttempt " + begin.status().attempt();
      case Action.IsolateNamespace isolate ->
          "IsolateNamespace " + isolate.policy().getMetadata().getNamespace();
      case Action.CreateSandbox create ->
          "CreateSandbox " + attemptOf(create.pod().getMetadata().getName());
      case Action.RemoveSandbox remove -> {
        var attempt = attemptOf(remove.name());
        yield remove.uid().equals("uid-" + attempt)
            ? "RemoveSandbox " + attempt
            : "RemoveSandbox with a wrong UID";
      }
      case Action.LabelSandbox label -> "LabelSandbox " + attemptOf(label.name());
      case Action.TakeSandbox take -> "TakeSandbox " + take.pod().name();
      case Action.CreateFront create -> "CreateFront " + attemptOf(create.front());
      case Action.PointFront point -> "PointFront " + attemptOf(point.front());
      case Action.ForgetSecret forget -> "ForgetSecret " + forget.name();
      case Action.DeliverEnv deliver ->
          "DeliverEnv "
              + (deliver.pod().equals(FREE.name()) ? FREE.name() : attemptOf(deliver.pod()));
      case Action.AskLauncher ask -> "AskLauncher " + attemptOf(ask.pod());
      case Action.RecordProcess process -> "RecordProcess " + process.status().processId();
      case Action.PutRoute put -> "PutRoute " + put.route().getMetadata().getName();
      case Action.RemoveRoute remove -> "RemoveRoute " + remove.route().getMetadata().getName();
      case Action.DeleteRecord() -> "DeleteRecord";
    };
  }

  private int attemptOf(String pod) {
    for (var attempt = 1; attempt < 10; attempt++) {
      if (Objects.equals(pod, podName(attempt))) {
        return attempt;
      }
    }
    return 0;
  }

  private static String attemptOf(Service front) {
    var selector = front.getSpec().getSelector();
    return selector.containsKey(Names.SANDBOX_LABEL)
        ? selector.get(Names.SANDBOX_LABEL)
        : selector.get(Names.ATTEMPT_LABEL);
  }
}
