package dev.agentservice.operator.service;

import dev.agentservice.operator.EventRecorder;
import dev.agentservice.operator.PreconditionedDelete;
import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.operator.launcher.LauncherCallFailed;
import dev.agentservice.operator.launcher.Launchers;
import dev.agentservice.operator.network.SandboxNetwork;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every write of one pass, and what it means where the API server will not do it. Only here and
 * below it is known of conflicts, preconditions and "already exists".
 */
final class Hands implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

  private final Context<AgentService> context;
  private final ServiceCaches caches;
  private final Children children;
  private final TransientSecrets secrets;
  private final LauncherCalls launcher;
  private final EventRecorder events;
  private final ServiceMetrics metrics;

  /** The Service that is being made while other writes are done: none of them waits for it. */
  private Optional<Besides> besides = Optional.empty();

  private record Besides(Action action, Ahead<Front> front) {}

  Hands(
      Context<AgentService> context,
      ServiceCaches caches,
      TransientSecrets secrets,
      Launchers launchers,
      EventRecorder events,
      ServiceMetrics metrics) {
    this.context = context;
    this.caches = caches;
    this.children = new Children(context, caches);
    this.secrets = secrets;
    this.launcher =
        new LauncherCalls(launchers, new EnvReader(context.getClient(), secrets), caches::wake);
    this.events = events;
    this.metrics = metrics;
  }

  /** Does one action, or begins it, and says what is seen after it. */
  Observation apply(Action action, Observation seen) {
    return orRefused(action, seen, () -> perform(action, seen));
  }

  /** Waits for what was only begun, and says what is seen after it. */
  Observation finish(Observation seen) {
    var begun = besides;
    besides = Optional.empty();
    return begun
        .map(it -> orRefused(it.action(), seen, () -> seen.withFront(it.front().get())))
        .orElse(seen);
  }

  private static Observation orRefused(
      Action action, Observation seen, Supplier<Observation> call) {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      return refused(action, e.getCode(), isQuota(e), seen).orElseThrow(() -> e);
    } catch (TransientSecrets.SecretCallFailed e) {
      return refused(action, e.httpStatus(), false, seen).orElseThrow(() -> e);
    } catch (LauncherCallFailed e) {
      return refused(action, e.httpStatus(), false, seen).orElse(seen); // it is tried again soon
    }
  }

  @Override
  public void close() {
    launcher.close();
  }

  /**
   * Where another look would change nothing about the answer. A status that cannot be written
   * cannot tell of it either, and what comes after it stands on it: that pass is made again.
   */
  private static Optional<Observation> refused(
      Action action, int httpStatus, boolean quota, Observation seen) {
    if (action instanceof Action.BeginAttempt
        || action instanceof Action.RecordProcess
        || httpStatus < HttpURLConnection.HTTP_BAD_REQUEST
        || (httpStatus == HttpURLConnection.HTTP_NOT_FOUND && !(action instanceof Action.PutRoute))
        || httpStatus == HttpURLConnection.HTTP_CONFLICT) {
      return Optional.empty();
    }
    LOG.atWarn()
        .addKeyValue("write", action.getClass().getSimpleName())
        .addKeyValue("httpStatus", httpStatus)
        .log("a write was refused");
    return Optional.of(seen.withRefusal(Optional.of(new Refusal(action, httpStatus, quota))));
  }

  private void forget(String secret, Observation seen) {
    if (seen.transientSecret() instanceof TransientSecret.Present read
        && read.name().equals(secret)
        && read.owned()) {
      secrets.forget(seen.service(), read);
    } else {
      secrets.forget(seen.service(), secret);
    }
  }

  private Observation begin(AgentServiceStatus status, Observation seen) {
    if (seen.warm() instanceof Warm.Free free) {
      launcher.prepare(free, status.attempt(), seen);
    }
    var begun =
        seen.withService(write(seen.service(), status))
            .withSandbox(new Sandbox.Absent())
            .withHeard(new Heard.Nothing());
    metrics.began(seen.warm());
    return begun;
  }

  private Observation perform(Action action, Observation seen) {
    var namespace = seen.service().getMetadata().getNamespace();
    return switch (action) {
      case Action.OwnSecret(String name, String resourceVersion) -> {
        secrets.own(seen.service(), name, resourceVersion);
        yield seen.transientSecret() instanceof TransientSecret.Present secret
            ? seen.withTransientSecret(secret.asOwned())
            : seen;
      }
      case Action.BeginAttempt(AgentServiceStatus status) -> begin(status, seen);
      case Action.IsolateNamespace(NetworkPolicy policy) -> isolate(action, policy, seen);
      case Action.CreateSandbox(Pod pod) -> seen.withSandbox(children.create(pod, seen.service()));
      case Action.TakeSandbox(Warm.Free pod) -> seen.withSandbox(children.take(pod, seen));
      case Action.CreateFront(Service front) -> {
        besides =
            Optional.of(
                new Besides(action, Ahead.of(() -> children.create(front, seen.service()))));
        yield seen;
      }
      case Action.PointFront(Service front) -> {
        children.point(front, seen.service());
        yield seen;
      }
      case Action.LabelSandbox label -> seen.withSandbox(children.label(label, seen.service()));
      case Action.RemoveSandbox(String name, String uid) -> {
        new PreconditionedDelete(context.getClient()).pod(namespace, name, uid);
        yield seen;
      }
      case Action.DeliverEnv(String pod, String podUid) ->
          seen.withHeard(launcher.deliver(pod, podUid, seen));
      case Action.AskLauncher(String pod, String podUid) ->
          seen.withHeard(launcher.ask(pod, podUid, seen));
      case Action.RecordProcess(AgentServiceStatus status) ->
          seen.withService(write(seen.service(), status));
      case Action.PutRoute(HasMetadata route) -> put(action, route, seen);
      case Action.RemoveRoute(HasMetadata route) -> {
        new PreconditionedDelete(context.getClient()).route(route);
        yield withRoute(Optional.empty(), seen);
      }
      case Action.DeleteRecord() -> {
        new PreconditionedDelete(context.getClient()).agentService(seen.service());
        yield seen;
      }
      case Action.ForgetSecret(String name) -> {
        forget(name, seen);
        yield seen;
      }
    };
  }

  /** Without it the agent is ready all the same, and its status says what its URL lacks. */
  private Observation put(Action action, HasMetadata route, Observation seen) {
    return caches
        .routes()
        .orElseThrow()
        .put(route, seen.service(), context)
        .map(there -> withRoute(Optional.of(there), seen))
        .orElseGet(
            () ->
                seen.withRefusal(
                    Optional.of(new Refusal(action, HttpURLConnection.HTTP_CONFLICT, false))));
  }

  private static Observation withRoute(Optional<HasMetadata> route, Observation seen) {
    return seen.withPublicAccess(seen.publicAccess().map(access -> access.withRoute(route)));
  }

  /**
   * Writes a status only onto the version of the service it was computed from: one that was changed
   * meanwhile answers 409, and the pass is made again. That is what makes a stale leader harmless,
   * and what keeps JOSDK 5.3 from dropping the change (java-operator-sdk#3398).
   */
  AgentService write(AgentService service, AgentServiceStatus status) {
    var before = service.getStatus();
    var written =
        context.resourceOperations().updatePrimaryStatus(ServiceStatus.withStatus(service, status));
    Announcements.between(before, status).forEach(news -> events.record(written, news));
    metrics.written(before, written);
    if (before == null || before.phase() != status.phase()) {
      LOG.atInfo()
          .addKeyValue("phase", status.phase().word())
          .addKeyValue("reason", status.readinessStatus().reason())
          .addKeyValue("attempt", status.attempt())
          .log("phase changed");
    }
    return written;
  }

  /**
   * One of that name that is not ours may open what ours has to close: nothing starts beside it.
   * Ours is what has our labels, or does what ours does.
   */
  private Observation isolate(Action action, NetworkPolicy policy, Observation seen) {
    try {
      context.resourceOperations().create(policy, caches.isolations());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      var existing = context.getClient().resource(policy).require();
      var isKnown = SandboxNetwork.hasLabelsOf(policy, existing);
      var isAs = SandboxNetwork.isAs(policy, existing);
      if (!isKnown && !isAs) {
        return seen.withRefusal(Optional.of(new Refusal(action, e.getCode(), false)));
      }
      if (!isKnown || !isAs) {
        policy.getMetadata().setResourceVersion(existing.getMetadata().getResourceVersion());
        context.resourceOperations().update(policy, caches.isolations());
      }
    }
    return seen.withIsolation(Optional.empty());
  }

  /** The API server's quota plugin says so in these words; there is no code of its own for it. */
  private static boolean isQuota(KubernetesClientException e) {
    return e.getMessage() != null && e.getMessage().contains("exceeded quota");
  }
}
