package dev.agentservice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.ReadinessStatusBuilder;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That chaos would see what it says it did not see. */
class JudgementTest {

  @Test
  void twoPodsOfOneServiceAtATimeAreSeen() {
    var history = new PodHistory(null);
    history.startWith(List.of(pod("one", "service-1")));
    history.changed(pod("other", "service-2"));
    history.deleted(pod("one", "service-1"));
    history.changed(pod("two", "service-1"));
    history.changed(pod("two", "service-1"));
    assertThat(history.duplicates()).isEmpty();

    history.changed(pod("three", "service-1"));
    assertThat(history.duplicates()).singleElement().asString().contains("two", "three");
    assertThat(history.seen()).isEqualTo(4);
  }

  @Test
  void aSandboxOfTwoServicesIsSeen() {
    var history = new PodHistory(null);
    history.startWith(List.of(waiting("one"), waiting("two")));
    history.changed(pod("one", "service-1"));
    history.changed(pod("one", "service-1"));
    history.changed(pod("two", "service-2"));
    assertThat(history.duplicates()).as("those that wait are nobody's").isEmpty();
    assertThat(history.shared()).isEmpty();
    assertThat(history.taken()).isEqualTo(2);

    history.changed(pod("one", "service-2"));
    assertThat(history.shared()).singleElement().asString().contains("service-1", "service-2");
    history.changed(waiting("two"));
    assertThat(history.shared()).hasSize(2);
  }

  @Test
  void onlyTheStartThatWasAskedForLastIsReady() {
    var ready = new Expectation.Ready("uid", "r2", "env-2", 2);
    assertThat(ready.isMetBy(service("uid", "r2", "env-2", 2))).isTrue();
    assertThat(ready.isMetBy(service("uid", "r2", "env-2", 3))).isTrue();
    assertThat(ready.isMetBy(service("former", "r2", "env-2", 2))).isFalse();
    assertThat(ready.isMetBy(service("uid", "r1", "env-2", 2))).isFalse();
    assertThat(ready.isMetBy(service("uid", "r2", "env-1", 2))).isFalse();
    assertThat(ready.isMetBy(service("uid", "r2", "env-2", 1))).isFalse();
    assertThat(ready.isMetBy(Optional.empty())).isFalse();
  }

  @Test
  void whatIsOverHasTheRightReasonAndNoSandbox() {
    var seen = service("uid", "r2", "env-2", 2);
    assertThat(new Expectation.Over("uid", Phase.FAILED, "EnvLost").isMetBy(seen)).isFalse();
    assertThat(new Expectation.Over("uid", Phase.READY, "Serving").isMetBy(seen))
        .as("with a sandbox")
        .isFalse();
    assertThat(new Expectation.Gone().isMetBy(seen)).isFalse();
  }

  @Test
  void onlyWhatTimeBringsMayBeWrittenByAFreshOperator() {
    var before = statuses("1", 2, "Injected");

    assertThat(statuses("1", 2, "Injected").changedSince(before)).isEmpty();
    assertThat(statuses("2", 2, "Swept").changedSince(before)).isEmpty();
    assertThat(statuses("2", 2, "Injected").changedSince(before)).as("the same again").hasSize(1);
    assertThat(statuses("2", 3, "Swept").changedSince(before)).as("and more").hasSize(1);
    assertThat(statuses("2", 2, "Injected").changedSince(statuses("1", 2, "Swept"))).hasSize(1);
  }

  private static Statuses statuses(String resourceVersion, int attempt, String envInjected) {
    var status =
        service("uid", "r2", "env-2", attempt)
            .orElseThrow()
            .getStatus()
            .withConditions(
                List.of(
                    new ConditionBuilder()
                        .withType("EnvInjected")
                        .withReason(envInjected)
                        .build()));
    return new Statuses(Map.of("storm/s", new Statuses.Kept(resourceVersion, status)));
  }

  private static Pod pod(String name, String service) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withUid(name)
        .addToLabels(Names.SERVICE_UID_LABEL, service)
        .endMetadata()
        .build();
  }

  private static Pod waiting(String name) {
    return new PodBuilder(pod(name, "none"))
        .editMetadata()
        .addToLabels(Names.WARM_LABEL, "true")
        .endMetadata()
        .build();
  }

  private static Optional<AgentService> service(
      String uid, String restartId, String secret, int attempt) {
    var service = new AgentService();
    service.setMetadata(new ObjectMetaBuilder().withName("s").withUid(uid).build());
    service.setStatus(
        AgentServiceStatusBuilder.builder()
            .phase(Phase.READY)
            .readinessStatus(ReadinessStatusBuilder.builder().reason("Serving").build())
            .restartId(restartId)
            .envSecretName(secret)
            .attempt(attempt)
            .sandboxId("s-pod")
            .build());
    return Optional.of(service);
  }
}
