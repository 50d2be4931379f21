package dev.agentservice.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The Java types hold all that the schemas let through. */
class RoundTripTest {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final Map<String, Class<? extends HasMetadata>> EXAMPLES =
      Map.of(
          "/full-agentdeployment.yml", AgentDeployment.class,
          "/full-agentversion.yml", AgentVersion.class,
          "/full-agentservice.yml", AgentService.class);

  @Test
  void nothingIsLostOnTheWayThroughJava() {
    EXAMPLES.forEach(
        (file, kind) -> {
          var read = SERIALIZATION.convertValue(Manifest.resource(file), kind);
          var written = SERIALIZATION.asJson(read);

          assertThat(SERIALIZATION.unmarshal(written, JsonNode.class).get("spec"))
              .isEqualTo(
                  SERIALIZATION.convertValue(Manifest.resource(file), JsonNode.class).get("spec"));
          assertThat(SERIALIZATION.unmarshal(written, kind)).isEqualTo(read);
        });
  }

  @Test
  void theFullExamplesSetEveryField() {
    var set = new TreeSet<String>();
    var unset = new TreeSet<String>();
    EXAMPLES.forEach(
        (file, kind) ->
            collect(spec(SERIALIZATION.convertValue(Manifest.resource(file), kind)), set, unset));
    unset.removeAll(set);
    assertThat(unset).isEmpty();
  }

  @Test
  void whatANewerSchemaSaysIsIgnored() {
    var service =
        SERIALIZATION.unmarshal(
            """
            {"spec": {"deployment": "echo", "new": 1, "envSecret": {"name": "s", "new": 1}},
             "status": {"phase": "ready", "new": [], "readinessStatus": {"reason": "Ready", "new": {}}}}
            """,
            AgentService.class);

    assertThat(service.getStatus().phase()).isEqualTo(Phase.READY);
    assertThat(service.getStatus().readinessStatus().reason()).isEqualTo("Ready");
    assertThat(service.getSpec().envSecret().name()).isEqualTo("s");
  }

  private static Object spec(HasMetadata resource) {
    return ((CustomResource<?, ?>) resource).getSpec();
  }

  private static void collect(Object value, Set<String> set, Set<String> unset) {
    if (value instanceof Collection<?> collection) {
      collection.forEach(element -> collect(element, set, unset));
    } else if (value instanceof Record) {
      for (var component : value.getClass().getRecordComponents()) {
        var name = value.getClass().getSimpleName() + "." + component.getName();
        var inner = read(component, value);
        (inner == null ? unset : set).add(name);
        collect(inner, set, unset);
      }
    }
  }

  private static Object read(RecordComponent component, Object value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
