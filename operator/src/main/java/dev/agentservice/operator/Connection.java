package dev.agentservice.operator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.metrics.RequestMetrics;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** The operator's client for the API server. */
public final class Connection {

  private Connection() {}

  static KubernetesClient open(OperatorMetrics metrics) {
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(serialization())
        .withHttpClientBuilderConsumer(
            http ->
                http.addOrReplaceInterceptor(
                    RequestMetrics.class.getName(), new RequestMetrics(metrics)))
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
    return new KubernetesSerialization(json, true);
  }
}
