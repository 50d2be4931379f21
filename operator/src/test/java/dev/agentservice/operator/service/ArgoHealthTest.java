package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentSpecBuilder;
import dev.agentservice.v1alpha1.AgentDeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/** What examples/gitops teaches Argo CD about the health of our kinds, run as Argo CD runs it. */
class ArgoHealthTest {

  private static final Map<String, String> CHECKS = checks();

  @ParameterizedTest
  @MethodSource("dev.agentservice.operator.service.Situations#all")
  void aServiceIsAsHealthyAsItsPhase(Situations.Row row) {
    var seen = row.situation().seen();
    var status = ServiceStatus.of(seen);
    var service = ServiceStatus.withStatus(seen.service(), status);
    var health =
        switch (status.phase()) {
          case STARTING, UNHEALTHY, STOPPING -> "Progressing";
          case READY -> "Healthy";
          case FAILED -> "Degraded";
          case STOPPED ->
              status.readinessStatus().reason().equals(Reason.COMPLETED.word())
                  ? "Healthy"
                  : "Suspended";
        };

    assertThat(health("AgentService", service))
        .isEqualTo(health + ": " + status.readinessStatus().message());
  }

  @Test
  void aServiceThatNobodyHasLookedAtSinceItsLastChangeIsOnItsWay() {
    var seen = Situation.ready().seen();
    var service = ServiceStatus.withStatus(seen.service(), ServiceStatus.of(seen));
    service.getMetadata().setGeneration(service.getMetadata().getGeneration() + 1);

    assertThat(health("AgentService", service)).startsWith("Progressing: ");
  }

  @ParameterizedTest
  @CsvSource({
    "Ready, True, false, Healthy",
    "Ready, True, true, Suspended",
    "Ready, False, false, Progressing",
    "Stalled, True, false, Degraded",
    "Reconciling, True, false, Progressing"
  })
  void aDeploymentIsAsHealthyAsItsConditions(
      String type, String status, boolean suspended, String health) {
    var deployment = new AgentDeployment();
    deployment.setMetadata(new ObjectMetaBuilder().withName("d").withGeneration(3L).build());
    deployment.setSpec(AgentDeploymentSpecBuilder.builder().suspended(suspended).build());
    deployment.setStatus(
        AgentDeploymentStatusBuilder.builder()
            .observedGeneration(3L)
            .conditions(List.of(condition(type, status)))
            .build());

    assertThat(health("AgentDeployment", deployment)).startsWith(health + ": ");
  }

  private static Condition condition(String type, String status) {
    return new ConditionBuilder().withType(type).withStatus(status).withMessage("so").build();
  }

  private static String health(String kind, Object object) {
    var lua = JsePlatform.standardGlobals();
    lua.set("obj", asLua(Serialization.unmarshal(Serialization.asJson(object), Map.class)));
    var health = lua.load(CHECKS.get(kind)).call();
    return health.get("status").checkjstring() + ": " + health.get("message").checkjstring();
  }

  private static LuaValue asLua(Object json) {
    return switch (json) {
      case null -> LuaValue.NIL;
      case Map<?, ?> object -> {
        var table = new LuaTable();
        object.forEach((key, value) -> table.set(key.toString(), asLua(value)));
        yield table;
      }
      case List<?> array ->
          LuaValue.listOf(array.stream().map(ArgoHealthTest::asLua).toArray(LuaValue[]::new));
      case Boolean bool -> LuaValue.valueOf(bool);
      case Number number -> LuaValue.valueOf(number.doubleValue());
      default -> LuaValue.valueOf(json.toString());
    };
  }

  /** By kind. */
  private static Map<String, String> checks() {
    try {
      var file = Path.of("../examples/gitops/argocd/argocd-cm.yaml");
      var data = Serialization.unmarshal(Files.readString(file), ConfigMap.class).getData();
      var prefix = "resource.customizations.health.agentservice.dev_";
      return Map.of(
          "AgentService", data.get(prefix + "AgentService"),
          "AgentDeployment", data.get(prefix + "AgentDeployment"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
