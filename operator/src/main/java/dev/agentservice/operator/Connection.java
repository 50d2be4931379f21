package dev.agentservice.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.metrics.RequestMetrics;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReview;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/** The operator's client for the API server. */
public final class Connection {

  /** What the first answers are made of. */
  private static final List<Class<?>> READ_AT_START =
      List.of(
          AgentDeployment.class,
          AgentService.class,
          AgentVersion.class,
          Pod.class,
          EndpointSlice.class,
          NetworkPolicy.class,
          Lease.class,
          SelfSubjectRulesReview.class);

  private Connection() {}

  static KubernetesClient open(OperatorMetrics metrics) {
    var json = serialization();
    Thread.ofPlatform().daemon().name("first-words").start(() -> learnToRead(json));
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(json)
        .withHttpClientFactory(new ChaChaFirst())
        .withHttpClientBuilderConsumer(
            http ->
                http.addOrReplaceInterceptor(
                        RequestMetrics.class.getName(), new RequestMetrics(metrics))
                    .addOrReplaceInterceptor(
                        LeaseFence.class.getName(),
                        new LeaseFence(
                            System::nanoTime,
                            () -> Runtime.getRuntime().halt(AgentServiceOperator.LEASE_LOST))))
        .build();
  }

  /** How the operator reads and writes what it exchanges with the API server. */
  public static KubernetesSerialization serialization() {
    var lean =
        new SimpleModule("lean")
            .setDeserializerModifier(new LeanReading())
            .addDeserializer(String.class, RepeatedStrings.INSTANCE);
    var json =
        new ObjectMapper()
            .registerModule(lean)
            .addMixIn(WatchEvent.class, WatchedObject.Mixin.class);
    return new KubernetesSerialization(json, false); // nothing is read whose type is not given
  }

  /** Jackson looks at a type when it reads the first one. That is a good part of a start. */
  private static void learnToRead(KubernetesSerialization json) {
    READ_AT_START.forEach(type -> json.unmarshal("{}", type));
  }
}
