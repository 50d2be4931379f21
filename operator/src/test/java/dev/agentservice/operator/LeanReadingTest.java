package dev.agentservice.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
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

  @Test
  void whatManyObjectsSayIsInMemoryOnce() {
    var pod = "{'metadata': {'uid': 'a', 'labels': {'of': 'b'}}, 'status': {'phase': 'Running'}}";

    var one = read(pod, Pod.class);
    var other = read(pod, Pod.class);

    assertThat(one.getMetadata().getUid()).isSameAs(other.getMetadata().getUid());
    assertThat(one.getMetadata().getLabels().get("of"))
        .isSameAs(other.getMetadata().getLabels().get("of"));
    assertThat(one.getStatus().getPhase()).isSameAs(other.getStatus().getPhase());
  }

  @Test
  void whatASecretHoldsIsNotKept() {
    var secret = "{'metadata': {'annotations': {'applied': 'canary'}}, 'data': {'A': 'canary'}}";

    var one = read(secret, Secret.class);
    var other = read(secret, Secret.class);

    assertThat(one.getData().get("A")).isEqualTo("canary").isNotSameAs(other.getData().get("A"));
    assertThat(one.getMetadata().getAnnotations().get("applied"))
        .isEqualTo("canary")
        .isNotSameAs(other.getMetadata().getAnnotations().get("applied"));
  }

  @Test
  void whatIsReadCanBeBuiltUpon() {
    var pod = read("{'metadata': {'name': 'x', 'labels': {'of': 'b'}}}", Pod.class);

    var labelled =
        new PodBuilder(pod)
            .editMetadata()
            .addToLabels("to", "c")
            .addToAnnotations("by", "d")
            .addToFinalizers("e")
            .endMetadata()
            .build();

    assertThat(JSON.asJson(labelled)).contains("\"of\":\"b\"", "\"to\":\"c\"", "\"e\"");
  }

  @Test
  void anObjectWithANullInItIsReadAllTheSame() {
    var pod = read("{'metadata': {'labels': {'of': null}, 'finalizers': [null]}}", Pod.class);

    assertThat(pod.getMetadata().getLabels()).containsEntry("of", null);
    assertThat(pod.getMetadata().getFinalizers()).containsOnlyNulls();
  }

  @Test
  void watchedObjectsAreWhatTheySayTheyAre() {
    assertThat(watched("{'kind': 'Pod', 'apiVersion': 'v1', 'metadata': {'name': 'x'}}"))
        .isInstanceOfSatisfying(Pod.class, LeanReadingTest::isNamedX);
    assertThat(watched("{'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': 'x'}}"))
        .isInstanceOfSatisfying(Pod.class, LeanReadingTest::isNamedX);
    assertThat(watched("{'metadata': {'name': 'x'}, 'apiVersion': 'v1', 'kind': 'Pod'}"))
        .isInstanceOfSatisfying(Pod.class, LeanReadingTest::isNamedX);
    assertThat(
            watched(
                "{'kind': 'Lease', 'apiVersion': 'coordination.k8s.io/v1', 'metadata': {'name': 'x'}}"))
        .isInstanceOfSatisfying(GenericKubernetesResource.class, LeanReadingTest::isNamedX);
    assertThat(watched("{'kind': 'Status', 'apiVersion': 'v1', 'metadata': {}, 'code': 410}"))
        .isInstanceOfSatisfying(Status.class, gone -> assertThat(gone.getCode()).isEqualTo(410));
  }

  private static <T> T read(String object, Class<T> type) {
    return JSON.unmarshal(object.replace('\'', '"'), type);
  }

  private static Object watched(String object) {
    var event = "{'type': 'MODIFIED', 'object': %s}".formatted(object).replace('\'', '"');
    return JSON.unmarshal(event, WatchEvent.class).getObject();
  }

  private static void isNamedX(HasMetadata object) {
    assertThat(object.getMetadata().getName()).isEqualTo("x");
  }
}
