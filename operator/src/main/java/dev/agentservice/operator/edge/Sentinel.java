package dev.agentservice.operator.edge;

import dev.agentservice.operator.edge.Protection.Answer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Comes to the gateway without credentials, by a route that is built like every service's, and
 * remembers whether it was refused. It begins with the operator's lease, for its route is written
 * then; after that it asks the gateway alone, and nothing of the API server.
 */
public final class Sentinel implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sentinel.class);

  /** A gateway whose protection is taken away loses its routes within a minute. */
  private static final Duration ASK_AGAIN = Duration.ofMinutes(1);

  private static final Duration ASK_SOON = Duration.ofSeconds(1);

  private final PublicUrlSettings settings;
  private final KubernetesClient client;
  private final RouteTarget target;
  private final Visitor visitor;
  private final ScheduledExecutorService asking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sentinel").daemon().factory());

  private volatile Protection protection = Protection.NOT_ASKED;
  private volatile Runnable onChange = () -> {};

  /**
   * Asks nothing before {@link #start}.
   *
   * @param namespace the operator's own, where its route is
   */
  public Sentinel(PublicUrlSettings settings, String namespace, KubernetesClient client) {
    this.settings = settings;
    this.client = client;
    target = RouteTarget.sentinel(namespace, settings);
    visitor = new Visitor(settings, target.host());
  }

  public Protection protection() {
    return protection;
  }

  /** Who is to hear where the answer is another one than before. */
  public void onChange(Runnable hears) {
    onChange = hears;
  }

  /** Begins to ask; safe to call twice. */
  public void start() {
    asking.execute(() -> ask(ASK_SOON));
  }

  @Override
  public void close() {
    asking.shutdownNow();
    visitor.close();
  }

  /** While the gateway lets everybody in or is away, it is asked less and less often. */
  private void ask(Duration wait) {
    try {
      askOnce();
    } catch (RuntimeException e) { // whatever it is, it must not be the last question
      LOG.error("the gateway could not be asked", e);
    }
    var longer = wait.multipliedBy(2);
    var next = longer.compareTo(ASK_AGAIN) > 0 ? ASK_AGAIN : longer;
    var _ =
        asking.schedule(
            () -> ask(next),
            (protection.proven() ? ASK_AGAIN : wait).toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void askOnce() {
    var before = protection;
    var after = before.after(routeIsThere() ? visitor.come() : new Answer.None());
    protection = after;
    if (!after.equals(before)) {
      LOG.atInfo().addKeyValue("reason", after.reason()).log("{}", after.message());
      onChange.run();
    }
  }

  private boolean routeIsThere() {
    if (protection.proven()) {
      return true;
    }
    try {
      PublicRoute.of(target, settings).ifPresent(this::put);
      return true;
    } catch (KubernetesClientException e) {
      LOG.warn("the sentinel's route cannot be written: HTTP {}", e.getCode());
      return false;
    }
  }

  private void put(HasMetadata wanted) {
    wanted.getMetadata().setOwnerReferences(owners(wanted.getMetadata().getNamespace()));
    var there = Optional.ofNullable(client.resource(wanted).get());
    if (there.isEmpty()) {
      create(wanted);
    } else if (!isAs(wanted, there.get())) {
      wanted.getMetadata().setResourceVersion(there.get().getMetadata().getResourceVersion());
      client.resource(wanted).update();
    }
  }

  /** The Service that it leads to, which the release brought: the route goes with that. */
  private List<OwnerReference> owners(String namespace) {
    var service = client.services().inNamespace(namespace).withName(target.service()).get();
    return service == null
        ? List.of()
        : List.of(
            new OwnerReferenceBuilder()
                .withApiVersion(service.getApiVersion())
                .withKind(service.getKind())
                .withName(service.getMetadata().getName())
                .withUid(service.getMetadata().getUid())
                .build());
  }

  private static boolean isAs(HasMetadata wanted, HasMetadata there) {
    return PublicRoute.isAs(wanted, there)
        && wanted
            .getMetadata()
            .getOwnerReferences()
            .equals(there.getMetadata().getOwnerReferences());
  }

  private void create(HasMetadata wanted) {
    try {
      client.resource(wanted).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }
}
