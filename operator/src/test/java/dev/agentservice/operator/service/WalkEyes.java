package dev.agentservice.operator.service;

import dev.agentservice.operator.sandbox.WarmPod;
import dev.agentservice.operator.service.WalkWorld.KeptSecret;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Sees a walk's world as {@link Gatherer} sees a cluster: what is watched from caches that may lag,
 * Secrets, ConfigMaps and whatever must be sure as it is now.
 */
final class WalkEyes {

  private final WalkOperator operator;

  WalkEyes(WalkOperator operator) {
    this.operator = operator;
  }

  Observation look(AgentService service) {
    var intent = Intent.of(service);
    var status = Observation.statusOf(service);
    var current = ServiceNames.currentSandbox(service);
    var pods =
        operator.cached(WalkCache.PODS).pods().values().stream()
            .filter(pod -> pod.hasOwnerReferenceFor(service))
            .toList();
    var sandbox = sandbox(service, current, pods, intent);
    var recipe = recipe(service);
    var starting = intent == Intent.START && recipe instanceof Recipe.Found;
    var podIsOwed =
        intent == Intent.KEEP
            && (sandbox instanceof Sandbox.Absent
                || sandbox instanceof Sandbox.Untaken
                || sandbox instanceof Sandbox.Missed);
    var envIsOwed =
        intent == Intent.KEEP
            && Observation.launcherWaits(status, sandbox, operator.heard(status, sandbox));
    var matters = starting || podIsOwed || envIsOwed;
    var seen =
        Situation.applied()
            .seen()
            .withService(service)
            .withRecipe(recipe)
            .withAdmission(admission(service, intent))
            .withDeploymentDeleted(
                status.attempt() != null
                    && intent != Intent.REST
                    && operator.cached(WalkCache.DEPLOYMENTS).deployment() == null
                    && world().deployment() == null)
            .withTransientSecret(secret(service, intent, matters))
            .withLastingSources(matters ? lasting(service) : List.of())
            .withSandbox(sandbox)
            .withHeard(operator.heard(status, sandbox))
            .withSandboxes(WalkPool.SANDBOXES)
            .withOthers(
                pods.stream()
                    .filter(pod -> !pod.getMetadata().getName().equals(current))
                    .<Sandbox.Present>map(SandboxReading::of)
                    .toList())
            .withFront(front(service, sandbox))
            .withNow(world().now());
    if (starting && StartCheck.of(seen) instanceof StartCheck.Go) {
      seen = seen.withAdmission(operator.admissions().admit(service));
    }
    return (starting || podIsOwed) && seen.others().isEmpty() ? seen.withWarm(warm(seen)) : seen;
  }

  private Admission admission(AgentService service, Intent intent) {
    if (intent != Intent.START) {
      operator.admissions().settle(service);
    }
    return intent == Intent.START ? operator.admissions().ask(service) : new Admission.Admitted();
  }

  private Warm warm(Observation seen) {
    if (!(StartCheck.of(seen) instanceof StartCheck.Go(Recipe.Found recipe))) {
      return new Warm.None();
    }
    return operator.cached(WalkCache.PODS).pods().values().stream()
        .filter(WalkEyes::waits)
        .filter(
            pod -> recipe.version().equals(pod.getMetadata().getLabels().get(Names.VERSION_LABEL)))
        .findFirst()
        .<Warm>map(WalkEyes::free)
        .orElseGet(Warm.Empty::new);
  }

  private static Warm.Free free(Pod pod) {
    var metadata = pod.getMetadata();
    return new Warm.Free(metadata.getName(), metadata.getUid(), metadata.getResourceVersion());
  }

  private static boolean waits(Pod pod) {
    return WalkPool.isFree(pod)
        && SandboxReading.of(pod) instanceof Sandbox.Running(_, boolean ready)
        && ready;
  }

  private static boolean neverHad(AgentService service) {
    var status = Observation.statusOf(service);
    return status.phase() == Phase.STARTING && status.processId() == null;
  }

  private WalkWorld world() {
    return operator.world();
  }

  private Sandbox sandbox(AgentService service, String name, List<Pod> pods, Intent intent) {
    if (name == null) {
      return operator.cached(WalkCache.PODS).pods().values().stream()
          .filter(pod -> ServiceNames.isOfFormerService(pod, service))
          .<Sandbox>map(pod -> new Sandbox.Former(pod.getMetadata().getName()))
          .findFirst()
          .orElseGet(Sandbox.Absent::new);
    }
    var found =
        pods.stream()
            .filter(pod -> pod.getMetadata().getName().equals(name))
            .findFirst()
            .or(
                () ->
                    Optional.ofNullable(world().pods().get(name))
                        .filter(_ -> intent != Intent.REST));
    if (found.filter(pod -> pod.hasOwnerReferenceFor(service)).isPresent()) {
      return SandboxReading.of(found.get());
    }
    return WarmPod.isName(name) && neverHad(service)
        ? found
            .filter(WalkEyes::waits)
            .<Sandbox>map(pod -> new Sandbox.Untaken(free(pod)))
            .orElseGet(() -> new Sandbox.Missed(name))
        : new Sandbox.Absent();
  }

  private Recipe recipe(AgentService service) {
    var seen = operator.cached(WalkCache.DEPLOYMENTS);
    var resolved = Observation.statusOf(service).versionId();
    var deployment = seen.deployment();
    if (deployment == null) {
      return new Recipe.Unavailable(Reason.DEPLOYMENT_NOT_FOUND, "echo");
    }
    if (resolved == null && deployment.suspended()) {
      return new Recipe.Unavailable(Reason.DEPLOYMENT_SUSPENDED, "echo");
    }
    if (resolved == null && !deployment.observed()) {
      return new Recipe.Unavailable(Reason.DEPLOYMENT_PENDING, "echo");
    }
    var version = resolved == null ? deployment.activeVersion() : resolved;
    return seen.versions().contains(version)
        ? new Recipe.Found("echo", version, WalkWorld.RECIPES.get(version))
        : new Recipe.Unavailable(
            resolved == null ? Reason.DEPLOYMENT_PENDING : Reason.VERSION_NOT_FOUND, version);
  }

  private TransientSecret secret(AgentService service, Intent intent, boolean matters) {
    var named = service.getSpec().envSecret();
    var name =
        intent == Intent.KEEP
            ? Observation.statusOf(service).envSecretName()
            : named == null ? null : named.name();
    if (name == null) {
      return new TransientSecret.None();
    }
    if (!matters) {
      return new TransientSecret.NotRead(name);
    }
    var secret = world().secrets().get(name);
    if (secret == null) {
      return new TransientSecret.Absent(name);
    }
    return isUsable(secret, service)
        ? new TransientSecret.Present(
            name,
            secret.uid(),
            secret.uid(), // nothing else of it changes in the walk
            secret.keys(),
            Set.of(),
            secret.owner() != null && secret.immutable())
        : new TransientSecret.Invalid(name);
  }

  /** Whether it is transient env of this service or of nobody yet. */
  static boolean isUsable(KeptSecret secret, AgentService service) {
    return secret.transientEnv()
        && (secret.owner() == null || secret.owner().equals(service.getMetadata().getUid()));
  }

  private List<LastingSource> lasting(AgentService service) {
    var entries = service.getSpec().envFrom();
    return entries == null
        ? List.of()
        : entries.stream()
            .map(
                entry ->
                    world().settings()
                        ? LastingSource.of(entry, Set.of("COLOR"))
                        : LastingSource.missing(entry, Reason.ENV_CONFIG_MAP_NOT_FOUND, "settings"))
            .toList();
  }

  /** A Service that is not ours has no label of ours, so the cache does not show it. */
  private Front front(AgentService service, Sandbox sandbox) {
    var seen = operator.cached(WalkCache.FRONTS);
    var front = seen.fronts().get(service.getMetadata().getName());
    if (front == null || !WalkWorld.isOurKind(front)) {
      return new Front.Absent();
    }
    if (!front.hasOwnerReferenceFor(service)) {
      return new Front.Former(front.getMetadata().getName());
    }
    var ready = seen.endpoints().getOrDefault(front.getMetadata().getUid(), Set.of());
    return FrontReading.of(
        front,
        service,
        sandbox instanceof Sandbox.Present present && ready.contains(present.pod().uid()));
  }
}
