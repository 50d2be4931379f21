package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.WarmPool;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Sandboxes that wait for services, and which service gets which. */
class WarmPoolTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void aServiceTakesASandboxThatWaits() {
    poolOf(1);
    var waiting = waiting().getFirst().getMetadata();

    var service = start("s");

    assertThat(service.getStatus().sandboxId()).isEqualTo(waiting.getName());
    assertThat(service.getStatus().processId()).isPositive();
    assertThat(tenant.agent("s").has("API_TOKEN", "value-of-s")).isTrue();
    Tenant.patiently().until(() -> !tenant.hasSecret("env-s"));
    awaitWaiting(1);

    tenant.deleteService("s");
    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(tenant.pods())
                    .extracting(pod -> pod.getMetadata().getUid())
                    .doesNotContain(waiting.getUid()));
  }

  @Test
  void moreServicesThanSandboxesStartToo() {
    poolOf(3);
    var names = IntStream.range(0, 8).mapToObj(number -> "s-" + number).toList();
    names.forEach(this::apply);

    var sandboxes =
        names.stream()
            .map(name -> tenant.awaitReady(name).getStatus().sandboxId())
            .collect(Collectors.toSet());

    assertThat(sandboxes).as("one each").hasSize(names.size());
    assertThat(names).allMatch(name -> tenant.agent(name).has("API_TOKEN", "value-of-" + name));
    awaitWaiting(3);
  }

  @Test
  void aNewRecipeReplacesThem() {
    poolOf(2);
    var before = waiting().stream().map(pod -> pod.getMetadata().getUid()).toList();

    tenant.editTemplate(template -> template.withArgs(List.of("--release", "two")));
    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(ready())
                    .hasSize(2)
                    .extracting(pod -> pod.getMetadata().getUid())
                    .doesNotContainAnyElementsOf(before));

    start("s");
    assertThat(tenant.agent("s").get("/")).contains("\"release\":\"two\"");
  }

  @Test
  void scaledSuspendedAndDeleted() {
    poolOf(0);
    tenant.bash("kubectl scale agd/d --replicas=2");
    awaitWaiting(2);
    tenant.bash("kubectl delete pod --wait=false " + waiting().getFirst().getMetadata().getName());
    awaitWaiting(2);

    tenant.editDeployment(spec -> spec.withSuspended(true));
    Tenant.patiently().untilAsserted(() -> assertThat(waiting()).isEmpty());
    tenant.editDeployment(spec -> spec.withSuspended(false));
    awaitWaiting(2);
    tenant.deleteDeployment();
    tenant.awaitNoPods();
  }

  private void poolOf(int size) {
    tenant.applyDeployment(WarmPoolTest::launched);
    tenant.editDeployment(spec -> spec.withWarmPool(new WarmPool(size)));
    awaitWaiting(size);
    // by then the operator has seen them too
    var deployment =
        tenant
            .client()
            .resources(AgentDeployment.class)
            .inNamespace(tenant.namespace())
            .withName("d");
    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(deployment.get().getStatus())
                    .isNotNull()
                    .extracting(AgentDeploymentStatus::warmReady)
                    .isEqualTo(size));
  }

  private static Template launched(Template template) {
    return template.withCommand(List.of("/agent"));
  }

  private AgentService start(String name) {
    apply(name);
    return tenant.awaitReady(name);
  }

  private void apply(String name) {
    tenant.applyTransientSecret("env-" + name, Map.of("API_TOKEN", "value-of-" + name));
    tenant.applyService(name, spec -> spec.withEnvSecret(new EnvSecret("env-" + name)));
  }

  private void awaitWaiting(int count) {
    Tenant.patiently().untilAsserted(() -> assertThat(ready()).hasSize(count));
  }

  private List<Pod> ready() {
    return waiting().stream().filter(Tenant::isReady).toList();
  }

  private List<Pod> waiting() {
    return tenant.waiting();
  }
}
