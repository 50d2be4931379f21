package dev.agentservice.api.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind, watched. What this replica wrote itself is seen at once; what it does not have is asked
 * of the API server, so that every replica knows what another one just made.
 *
 * @param <T> the kind
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
  private static final String GROUP_INDEX = "group";
  private static final String HANDLE_INDEX = "handle";
  private static final String ALL = "";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][-a-z0-9]{0,62}");

  private final KubernetesClient client;
  private final Class<T> kind;
  private final Function<T, String> group;
  private final Map<String, SharedIndexInformer<T>> informers = new HashMap<>();

  /** Own writes that the watch has not told yet. */
  private final Cache<String, T> written =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  /**
   * Begins to watch.
   *
   * @param namespaces those to watch; empty: all
   * @param group what objects of one namespace are found together by
   * @param handle what an object of any namespace is found by; null: nothing
   */
  Watched(
      KubernetesClient client,
      Class<T> kind,
      Set<String> namespaces,
      Function<T, String> group,
      Function<T, String> handle) {
    this.client = client;
    this.kind = kind;
    this.group = group;
    if (namespaces.isEmpty()) {
      informers.put(ALL, client.resources(kind).inAnyNamespace().runnableInformer(0));
    }
    for (var namespace : namespaces) {
      informers.put(namespace, client.resources(kind).inNamespace(namespace).runnableInformer(0));
    }
    for (var informer : informers.values()) {
      informer.addIndexers(Map.of(GROUP_INDEX, object -> List.of(groupKey(object))));
      if (handle != null) {
        informer.addIndexers(Map.of(HANDLE_INDEX, object -> List.of(handle.apply(object))));
      }
      informer.addEventHandler(new Forgetting());
      informer.exceptionHandler(
          (_, e) -> {
            LOG.warn("watching {} again: {}", kind.getSimpleName(), e.getClass().getSimpleName());
            // an API server that is away comes back
            return true;
          });
      var _ = informer.start();
    }
  }

  boolean hasSynced() {
    return informers.values().stream().allMatch(SharedIndexInformer::hasSynced);
  }

  /** As this replica knows it, else as the API server does. */
  Optional<T> get(String namespace, String name) {
    return known(namespace, name).or(() -> live(namespace, name));
  }

  /** As this replica knows it. */
  Optional<T> known(String namespace, String name) {
    var key = key(namespace, name);
    return newer(
        Optional.ofNullable(written.getIfPresent(key)),
        informer(namespace).map(informer -> informer.getIndexer().getByKey(key)));
  }

  /** As the API server has it now. What cannot be a name is not asked for: it may be a path. */
  Optional<T> live(String namespace, String name) {
    return NAME.matcher(name).matches()
        ? Optional.ofNullable(client.resources(kind).inNamespace(namespace).withName(name).get())
        : Optional.empty();
  }

  /** All that are found together. */
  List<T> inGroup(String namespace, String ofGroup) {
    var wanted = namespace + "/" + ofGroup;
    var found = new HashMap<String, T>();
    informer(namespace)
        .ifPresent(
            informer ->
                informer
                    .getIndexer()
                    .byIndex(GROUP_INDEX, wanted)
                    .forEach(object -> found.put(key(object), object)));
    written
        .asMap()
        .forEach(
            (key, object) -> {
              if (groupKey(object).equals(wanted)) {
                found.merge(key, object, (one, other) -> isNewer(one, other) ? one : other);
              }
            });
    return new ArrayList<>(found.values());
  }

  /** All of any namespace that the watch tells of under that handle. */
  List<T> at(String handle) {
    return informers.values().stream()
        .flatMap(informer -> informer.getIndexer().byIndex(HANDLE_INDEX, handle).stream())
        .toList();
  }

  /** Remembers what this replica just wrote, as the API server answered it. */
  T wrote(T object) {
    written.put(key(object), object);
    return object;
  }

  @Override
  public void close() {
    informers.values().forEach(SharedIndexInformer::close);
  }

  private Optional<SharedIndexInformer<T>> informer(String namespace) {
    return Optional.ofNullable(informers.getOrDefault(ALL, informers.get(namespace)));
  }

  private String groupKey(T object) {
    return object.getMetadata().getNamespace() + "/" + group.apply(object);
  }

  private static <T extends HasMetadata> Optional<T> newer(Optional<T> one, Optional<T> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return isNewer(one.get(), other.get()) ? one : other;
  }

  /** Resource versions of one kind can be compared (KEP-5504). */
  private static boolean isNewer(HasMetadata one, HasMetadata other) {
    return version(one) > version(other);
  }

  private static long version(HasMetadata object) {
    return Long.parseUnsignedLong(object.getMetadata().getResourceVersion());
  }

  private static String key(HasMetadata object) {
    return key(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  /** Once the watch tells of an object, what was written is known by the watch. */
  private final class Forgetting implements ResourceEventHandler<T> {

    @Override
    public void onAdd(T object) {
      forgetOlder(object);
    }

    @Override
    public void onUpdate(T former, T object) {
      forgetOlder(object);
    }

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      written.invalidate(key(object));
    }

    private void forgetOlder(T object) {
      written
          .asMap()
          .computeIfPresent(key(object), (_, own) -> version(own) <= version(object) ? null : own);
    }
  }
}
