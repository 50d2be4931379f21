package dev.agentservice.operator;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.operator.metrics.RequestMetrics;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** The operator's client for the API server. */
final class Connection {

  private Connection() {}

  static KubernetesClient open(OperatorMetrics metrics) {
    var json = new ObjectMapper().addMixIn(ObjectMeta.class, Unmanaged.class);
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(new KubernetesSerialization(json, true))
        .withHttpClientBuilderConsumer(
            http ->
                http.addOrReplaceInterceptor(
                    RequestMetrics.class.getName(), new RequestMetrics(metrics)))
        .build();
  }

  /**
   * Who owns which field is the API server's to know. Read, it would be half of what an object
   * weighs in a cache; left out of an update, it stays as it is.
   */
  @JsonIgnoreProperties("managedFields")
  private abstract static class Unmanaged {}
}
