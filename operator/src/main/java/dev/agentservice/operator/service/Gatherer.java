package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.operator.launcher.Launchers;
import dev.agentservice.operator.recipe.Supervised;
import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Every read of one pass, done once. What a cache can answer is never asked of the API server. */
final class Gatherer {

  private final ServiceCaches caches;
  private final KubernetesClient client;
  private final TransientSecrets secrets;
  private final RecipeReading recipes;
  private final LastingSources lastingSources;
  private final AdmissionLedger admissions;
  private final Launchers launchers;
  private final Installation installation;
  private final Reservations reservations = new Reservations();
  private final Clock clock;

  Gatherer(
      ServiceCaches caches,
      KubernetesClient client,
      TransientSecrets secrets,
      AdmissionLedger admissions,
      Launchers launchers,
      Installation installation,
      Clock clock) {
    this.caches = caches;
    this.admissions = admissions;
    this.launchers = launchers;
    this.installation = installation;
    this.client = client;
    this.secrets = secrets;
    this.recipes = new RecipeReading(caches, client);
    this.lastingSources = new LastingSources(client, secrets);
    this.clock = clock;
  }

  Observation look(AgentService service) {
    var intent = Intent.of(service);
    var pods = caches.podsOf(service);
    var sandbox = currentSandbox(service, pods, intent);
    var others =
        pods.stream()
            .filter(
                pod -> !pod.getMetadata().getName().equals(ServiceNames.currentSandbox(service)))
            .<Sandbox.Present>map(SandboxReading::of)
            .toList();
    var deployment = caches.deployment(service);
    var admission = admission(service, intent);
    var mayStart = intent == Intent.START && admission instanceof Admission.Admitted;
    var secretAhead = // while the recipe is looked at
        Optional.ofNullable(secretName(service, intent))
            .filter(_ -> mayStart && deployment.isPresent())
            .map(name -> Ahead.of(() -> secrets.look(service, name)));
    var recipe = recipes.of(service, deployment);
    var starting = mayStart && recipe instanceof Recipe.Found;
    var heard = heard(service, sandbox);
    var podIsOwed =
        intent == Intent.KEEP
            && (sandbox instanceof Sandbox.Absent
                || sandbox instanceof Sandbox.Untaken
                || sandbox instanceof Sandbox.Missed);
    var envIsOwed =
        intent == Intent.KEEP
            && Observation.launcherWaits(Observation.statusOf(service), sandbox, heard);
    var envMatters = starting || podIsOwed || envIsOwed;
    var seen =
        new Observation(
            service,
            recipe,
            admission,
            wasStarted(service)
                && intent != Intent.REST
                && deployment.isEmpty()
                && recipes.isGone(service),
            transientSecret(service, intent, envMatters, secretAhead),
            envMatters ? lastingSources.look(service) : List.of(),
            sandbox,
            heard,
            others,
            caches.front(service, sandbox),
            installation.isolated() ? caches.lackingIsolation(service) : Optional.empty(),
            installation.sandboxes(),
            new Warm.None(),
            installation
                .publicUrls()
                .map(
                    urls ->
                        urls.access(
                            deployment.map(found -> found.getSpec().permissions()),
                            caches.route(service))),
            Optional.empty(),
            clock.instant());
    if (starting && StartCheck.of(seen) instanceof StartCheck.Go) {
      seen = seen.withAdmission(admissions.admit(service));
    }
    return (starting || podIsOwed) && others.isEmpty() ? seen.withWarm(warm(seen)) : seen;
  }

  /** What was begun in this pass may be there by now: then no other pass has to report it. */
  Observation lookAgain(Observation seen) {
    if (!(seen.sandbox() instanceof Sandbox.Running running)) {
      return seen;
    }
    var front = caches.front(seen.service(), running);
    var heard = launchers.heard(running.pod().uid());
    return seen.withFront(front instanceof Front.Present it && it.serving() ? it : seen.front())
        .withHeard(heard instanceof Heard.Agent ? heard : seen.heard());
  }

  /** A sandbox for a start that has all else it needs; no other pass of this operator wants it. */
  private Warm warm(Observation seen) {
    if (!(StartCheck.of(seen) instanceof StartCheck.Go(Recipe.Found recipe))
        || !Supervised.applies(recipe.template(), installation.sandboxes().launcherImage())) {
      return new Warm.None();
    }
    var uid = seen.service().getMetadata().getUid();
    var pool =
        caches
            .deployment(seen.service())
            .map(deployment -> deployment.getSpec().warmPool())
            .map(WarmPool::size)
            .orElse(0);
    return caches
        .warm(seen.service(), recipe.version())
        .filter(pod -> reservations.reserve(pod.getMetadata().getUid(), uid, seen.now()))
        .findFirst()
        .<Warm>map(Gatherer::free)
        .orElseGet(() -> pool > 0 ? new Warm.Empty() : new Warm.None());
  }

  private static Warm.Free free(Pod pod) {
    var metadata = pod.getMetadata();
    return new Warm.Free(metadata.getName(), metadata.getUid(), metadata.getResourceVersion());
  }

  /**
   * What is no longer needed, or may have changed since, is forgotten: once status says that the
   * agent serves, and whenever the pod says that it does not.
   */
  private Heard heard(AgentService service, Sandbox sandbox) {
    if (!(sandbox instanceof Sandbox.Present present)) {
      return new Heard.Nothing();
    }
    var phase = Observation.statusOf(service).phase();
    var stopped = sandbox instanceof Sandbox.Running(_, boolean ready) && !ready;
    if (phase == Phase.READY || (phase == Phase.UNHEALTHY && stopped)) {
      launchers.forget(present.pod().uid());
    }
    return launchers.heard(present.pod().uid());
  }

  private Admission admission(AgentService service, Intent intent) {
    if (intent != Intent.START) {
      admissions.settle(service);
    }
    return switch (intent) {
      case START, STOP -> admissions.ask(service); // one that is stopped may share its Secret too
      case KEEP, REST -> new Admission.Admitted();
    };
  }

  /**
   * The cache can lag, and anybody may take a pod out of it by its labels. That a pod is gone lets
   * another be made, so it is confirmed.
   */
  private Sandbox currentSandbox(AgentService service, List<Pod> pods, Intent intent) {
    var name = ServiceNames.currentSandbox(service);
    if (name == null) {
      return caches
          .podOfFormerService(service)
          .<Sandbox>map(pod -> new Sandbox.Former(pod.getMetadata().getName()))
          .orElseGet(Sandbox.Absent::new);
    }
    var cached = pods.stream().filter(pod -> pod.getMetadata().getName().equals(name)).findFirst();
    if (cached.isPresent()) {
      return SandboxReading.of(cached.get());
    }
    var found = intent == Intent.REST ? Optional.<Pod>empty() : live(service, name);
    if (found.filter(pod -> pod.hasOwnerReferenceFor(service)).isPresent()) {
      return SandboxReading.of(found.get());
    }
    return WarmPod.isName(name) && neverHad(service)
        ? found
            .filter(Gatherer::waits)
            .<Sandbox>map(pod -> new Sandbox.Untaken(free(pod)))
            .orElseGet(() -> new Sandbox.Missed(name))
        : new Sandbox.Absent();
  }

  /** Status names a sandbox to be taken, and says nothing that would show that it was. */
  private static boolean neverHad(AgentService service) {
    var status = Observation.statusOf(service);
    return status.phase() == Phase.STARTING && status.processId() == null;
  }

  private static boolean waits(Pod pod) {
    return pod.getMetadata().getLabels().containsKey(Names.WARM_LABEL)
        && SandboxReading.of(pod) instanceof Sandbox.Running(_, boolean ready)
        && ready;
  }

  private Optional<Pod> live(AgentService service, String name) {
    return Optional.ofNullable(
        client.pods().inNamespace(service.getMetadata().getNamespace()).withName(name).get());
  }

  private static boolean wasStarted(AgentService service) {
    return Observation.statusOf(service).attempt() != null;
  }

  /** A start reads the Secret that the spec names; an attempt has the one its status names. */
  private static String secretName(AgentService service, Intent intent) {
    if (intent == Intent.KEEP) {
      return Observation.statusOf(service).envSecretName();
    }
    return service.getSpec().envSecret() == null ? null : service.getSpec().envSecret().name();
  }

  private TransientSecret transientSecret(
      AgentService service,
      Intent intent,
      boolean matters,
      Optional<Ahead<TransientSecret>> ahead) {
    var name = secretName(service, intent);
    if (name == null) {
      return new TransientSecret.None();
    }
    if (matters) {
      return ahead.map(Ahead::get).orElseGet(() -> secrets.look(service, name));
    }
    return secrets.isForgotten(service, name)
        ? new TransientSecret.Forgotten(name)
        : new TransientSecret.NotRead(name);
  }
}
