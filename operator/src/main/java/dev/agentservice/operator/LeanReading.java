package dev.agentservice.operator;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.ReadinessStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Of what Kubernetes says about sandboxes and what stands in front of them, the operator reads only
 * what it looks at: the rest would be most of what its caches weigh, and a container's termination
 * message, into which an agent may have written its env, does not even reach it.
 *
 * <p>An object so read must not be put back whole: what was not read would be gone. None of these
 * is; they are patched.
 */
final class LeanReading extends BeanDeserializerModifier {

  private static final long serialVersionUID = 1L;

  private static final Map<Class<?>, Set<String>> READ =
      Map.ofEntries(
          Map.entry(PodSpec.class, Set.of("nodeName", "restartPolicy")),
          Map.entry(
              PodStatus.class,
              Set.of(
                  "phase", "reason", "conditions", "containerStatuses", "initContainerStatuses")),
          Map.entry(PodCondition.class, Set.of("type", "status", "reason", "lastTransitionTime")),
          Map.entry(ContainerStatus.class, Set.of("name", "restartCount", "state", "lastState")),
          Map.entry(
              ContainerStateTerminated.class,
              Set.of("exitCode", "reason", "startedAt", "finishedAt")),
          Map.entry(Service.class, Set.of("apiVersion", "kind", "metadata", "spec")),
          Map.entry(ServiceSpec.class, Set.of("selector", "ports")),
          Map.entry(ServicePort.class, Set.of("port")),
          Map.entry(EndpointSlice.class, Set.of("apiVersion", "kind", "metadata", "endpoints")),
          Map.entry(Endpoint.class, Set.of("conditions", "targetRef")),
          Map.entry(EndpointConditions.class, Set.of("ready")),
          Map.entry(ObjectReference.class, Set.of("uid")));

  /** Of these there are many in the caches as well, and all of them is read. */
  private static final Set<Class<?>> READ_WHOLE =
      Set.of(
          ObjectMeta.class,
          OwnerReference.class,
          Pod.class,
          ContainerState.class,
          ContainerStateRunning.class,
          Condition.class,
          AgentService.class,
          AgentServiceSpec.class,
          AgentServiceStatus.class,
          ReadinessStatus.class);

  /**
   * Who owns which field is the API server's to know. It would be half of what an object weighs;
   * left out of an update, it stays as it is.
   */
  private static final Set<String> METADATA_NOT_READ = Set.of("managedFields");

  @Override
  public BeanDeserializerBuilder updateBuilder(
      DeserializationConfig config, BeanDescription described, BeanDeserializerBuilder builder) {
    notRead(described.getBeanClass(), names(builder))
        .forEach(
            name -> {
              builder.removeProperty(PropertyName.construct(name));
              builder.addIgnorable(name);
            });
    return builder;
  }

  @Override
  public JsonDeserializer<?> modifyDeserializer(
      DeserializationConfig config, BeanDescription described, JsonDeserializer<?> deserializer) {
    var type = described.getBeanClass();
    return isCached(type) && !type.isRecord()
        ? new SmallCollections(deserializer, type)
        : deserializer;
  }

  /** Whether there are many of that type in the caches. */
  static boolean isCached(Class<?> type) {
    return READ.containsKey(type) || READ_WHOLE.contains(type);
  }

  private static Stream<String> notRead(Class<?> type, List<String> names) {
    if (type == ObjectMeta.class) {
      return METADATA_NOT_READ.stream();
    }
    var read = READ.get(type);
    return read == null ? Stream.of() : names.stream().filter(name -> !read.contains(name));
  }

  private static List<String> names(BeanDeserializerBuilder builder) {
    var names = new ArrayList<String>();
    builder.getProperties().forEachRemaining(property -> names.add(property.getName()));
    return names;
  }
}
