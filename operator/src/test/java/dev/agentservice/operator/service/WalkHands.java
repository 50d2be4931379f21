package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.operator.service.WalkWorld.KeptLauncher;
import dev.agentservice.operator.service.WalkWorld.KeptSecret;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Does a pass's writes as {@link Hands} does, and answers them as an API server would: names taken,
 * preconditions, conflicts.
 */
final class WalkHands {

  private final Walk walk;
  private final WalkOperator operator;
  private final WalkPass.Answer answer;

  WalkHands(Walk walk, WalkOperator operator, WalkPass.Answer answer) {
    this.walk = walk;
    this.operator = operator;
    this.answer = answer;
  }

  Observation apply(Action action, Observation seen) {
    return switch (action) {
      case Action.OwnSecret(String name, String uid) -> {
        own(seen.service(), name, uid);
        yield seen;
      }
      case Action.BeginAttempt(AgentServiceStatus status) ->
          seen.withService(write(seen.service(), status)).withSandbox(new Sandbox.Absent());
      case Action.IsolateNamespace _ -> seen.withIsolation(Optional.empty());
      case Action.CreateSandbox(Pod pod) ->
          answer == WalkPass.Answer.CREATED
              ? seen.withSandbox(create(pod, seen.service()))
              : refused(action, pod, seen);
      case Action.CreateFront(Service front) -> seen.withFront(create(front, seen.service()));
      case Action.PointFront(Service front) -> {
        point(front, seen.service());
        yield seen;
      }
      case Action.LabelSandbox label ->
          throw new AssertionError("nobody takes labels off here: " + label);
      case Action.RemoveSandbox(String name, String uid) -> {
        written(
            world ->
                sameUid(world.pods().get(name), uid)
                    ? WalkNode.deleted(world, world.pods().get(name))
                    : world);
        yield seen;
      }
      case Action.ForgetSecret(String name) -> {
        var secret = walk.world().secrets().get(name);
        if (secret != null && WalkEyes.isUsable(secret, seen.service())) {
          written(world -> world.withoutSecret(name));
        }
        yield seen;
      }
      case Action.TakeSandbox(Warm.Free pod) -> seen.withSandbox(take(pod, seen));
      case Action.DeliverEnv(String pod, String uid) -> seen.withHeard(deliver(pod, uid, seen));
      case Action.AskLauncher(String _, String uid) -> seen.withHeard(operator.listens(uid));
      case Action.RecordProcess(AgentServiceStatus status) ->
          seen.withService(write(seen.service(), status));
      case Action.PutRoute _, Action.RemoveRoute _ -> seen; // the walk's installation has none
      case Action.DeleteRecord() -> {
        if (isAsSeen(seen.service())) {
          written(world -> world.withService(null));
        }
        yield seen;
      }
    };
  }

  AgentService write(AgentService service, AgentServiceStatus status) {
    if (!isAsSeen(service)) {
      throw new WalkOperator.Conflict();
    }
    written(world -> world.status(status));
    operator.sees(WalkCache.SERVICE);
    return walk.world().service();
  }

  /** Who comes second finds another version of the pod, or none. */
  private Sandbox take(Warm.Free free, Observation seen) {
    var service = seen.service();
    var pod = walk.world().pods().get(free.name());
    if (!sameUid(pod, free.uid())
        || !pod.getMetadata().getResourceVersion().equals(free.resourceVersion())) {
      return new Sandbox.Missed(free.name());
    }
    isTheOnlyOne("takes", free.name());
    written(
        world ->
            world.put(
                new PodBuilder(pod)
                    .editMetadata()
                    .withOwnerReferences(service.ownerReference())
                    .removeFromLabels(Names.WARM_LABEL)
                    .addToLabels(ServiceNames.labels(service, seen.attempt()))
                    .endMetadata()
                    .build()));
    operator.sees(WalkCache.PODS);
    return SandboxReading.of(walk.world().pods().get(free.name()));
  }

  private void isTheOnlyOne(String done, String sandbox) {
    var known = operator.cached(WalkCache.PODS).pods();
    WalkLaw.AT_MOST_ONE_SANDBOX.holds(
        known.values().stream().noneMatch(WalkWorld::isOurKind),
        done,
        sandbox,
        "although it sees",
        known.keySet());
  }

  private void written(UnaryOperator<WalkWorld> change) {
    walk.written(operator, change);
  }

  /** A launcher that has started an agent tells those of it who come for that one. */
  private Heard deliver(String name, String uid, Observation seen) {
    var secret = seen.transientSecret() instanceof TransientSecret.Present it ? it.name() : null;
    if (secret != null && !walk.world().secrets().containsKey(secret)) {
      throw new WalkOperator.Conflict();
    }
    var pod = walk.world().pods().get(name);
    if (!sameUid(pod, uid) || !WalkNode.isRunning(pod)) {
      return new Heard.Nothing();
    }
    var attempt = seen.service().getMetadata().getUid() + "/" + seen.attempt();
    var before = walk.world().launchers().get(uid);
    if (before == null) {
      written(
          world ->
              WalkNode.injected(
                  world.put(uid, new KeptLauncher(attempt, world.revision(), false, 0)),
                  pod,
                  secret));
    } else if (!before.attempt().equals(attempt)) {
      return new Heard.Refused();
    }
    return operator.listens(uid);
  }

  private boolean isAsSeen(AgentService service) {
    var now = walk.world().service();
    return now != null
        && now.getMetadata().getUid().equals(service.getMetadata().getUid())
        && now.getMetadata()
            .getResourceVersion()
            .equals(service.getMetadata().getResourceVersion());
  }

  private void own(AgentService service, String name, String uid) {
    var secret = walk.world().secrets().get(name);
    if (secret == null || !secret.uid().equals(uid)) {
      throw new WalkOperator.Conflict();
    }
    written(
        world ->
            world.put(
                name,
                new KeptSecret(
                    uid,
                    secret.transientEnv(),
                    service.getMetadata().getUid(),
                    true,
                    secret.keys())));
  }

  private Observation refused(Action action, Pod pod, Observation seen) {
    if (answer == WalkPass.Answer.TIMEOUT) {
      var requests = new ArrayList<>(walk.world().onTheirWay());
      requests.add(pod);
      written(world -> world.withOnTheirWay(List.copyOf(requests)));
      throw new WalkOperator.Conflict();
    }
    return seen.withRefusal(Optional.of(new Refusal(action, answer.httpStatus, answer.quota)));
  }

  private Sandbox create(Pod pod, AgentService service) {
    var name = pod.getMetadata().getName();
    var existing = walk.world().pods().get(name);
    if (existing == null) {
      isTheOnlyOne("makes", name);
      written(world -> world.put(made(pod, world)));
      operator.sees(WalkCache.PODS);
      existing = walk.world().pods().get(name);
    }
    return existing.hasOwnerReferenceFor(service)
        ? SandboxReading.of(existing)
        : ServiceNames.isOfFormerService(existing, service)
            ? new Sandbox.Former(name)
            : new Sandbox.Foreign(name);
  }

  private Front create(Service front, AgentService service) {
    var name = front.getMetadata().getName();
    if (!walk.world().fronts().containsKey(name)) {
      written(
          world -> world.put(new ServiceBuilder(front).withMetadata(uid(front, world)).build()));
      operator.sees(WalkCache.FRONTS);
    }
    var existing = walk.world().fronts().get(name);
    return existing.hasOwnerReferenceFor(service)
        ? FrontReading.of(existing, service, false)
        : ServiceNames.isOfFormerService(existing, service)
            ? new Front.Former(name)
            : new Front.Foreign(name);
  }

  private void point(Service wanted, AgentService service) {
    var existing = walk.world().fronts().get(wanted.getMetadata().getName());
    if (existing == null) {
      throw new WalkOperator.Conflict();
    }
    if (existing.hasOwnerReferenceFor(service)) {
      written(
          world ->
              world.put(
                  new ServiceBuilder(existing)
                      .editSpec()
                      .withSelector(wanted.getSpec().getSelector())
                      .withPorts(wanted.getSpec().getPorts())
                      .endSpec()
                      .build()));
      operator.sees(WalkCache.FRONTS);
    }
  }

  /** A pod as the API server keeps it, with a UID of its own. */
  static Pod made(Pod pod, WalkWorld world) {
    return new PodBuilder(pod).withMetadata(uid(pod, world)).build();
  }

  private static ObjectMeta uid(HasMetadata made, WalkWorld world) {
    return new ObjectMetaBuilder(made.getMetadata()).withUid("uid-" + world.revision()).build();
  }

  private static boolean sameUid(HasMetadata object, String uid) {
    return object != null && object.getMetadata().getUid().equals(uid);
  }
}
