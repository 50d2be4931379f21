package dev.agentservice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class LeanReadingTest {

  private static final KubernetesSerialization JSON = Connection.serialization();

  @Test
  void whatAnAgentLeftInItsTerminationLogIsNotRead() {
    var pod =
        JSON.unmarshal(
            """
            {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p", "managedFields": [{"manager": "kubelet"}]},
             "spec": {"nodeName": "n", "containers": [{"name": "agent", "env": [{"name": "A", "value": "canary"}]}]},
             "status": {"message": "canary", "containerStatuses": [{"name": "agent", "image": "i", "state":
               {"terminated": {"exitCode": 1, "message": "canary"}}}]}}
            """,
            Pod.class);

    assertThat(JSON.asJson(pod)).doesNotContain("canary", "managedFields").contains("exitCode");
  }

  @Test
  void whatIsWrittenIsWhole() {
    var pod =
        new PodBuilder()
            .withNewSpec()
            .addNewContainer()
            .withName("agent")
            .withImage("i")
            .endContainer()
            .endSpec()
            .build();

    assertThat(JSON.asJson(pod)).contains("\"image\":\"i\"");
  }
}
