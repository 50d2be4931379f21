package dev.agentservice.e2e.chaos;

import dev.agentservice.v1alpha1.PodOverrides;
import dev.agentservice.v1alpha1.PodOverridesBuilder;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;

/** Nodes of kwok beside the real one: pods there become ready, and no process ever runs. */
public final class SimulatedNodes {

  /** No node has it; none of these nodes pulls it. */
  public static final String IMAGE = "localhost/simulated:1";

  private SimulatedNodes() {}

  /** So many from now on; none takes them away again. */
  public static void provide(int nodes) {
    Repository.cluster("simulate", Integer.toString(nodes));
  }

  /** What brings a pod to one of them. */
  public static PodOverrides placement() {
    return PodOverridesBuilder.builder()
        .nodeSelector(Map.of("type", "kwok"))
        .tolerations(
            List.of(
                new TolerationBuilder()
                    .withKey("kwok.x-k8s.io/node")
                    .withOperator("Exists")
                    .build()))
        .build();
  }
}
