package dev.agentservice.operator.apiserver;

import dev.agentservice.operator.AgentServiceOperator;
import dev.agentservice.operator.metrics.OperatorMetrics;
import dev.agentservice.v1alpha1.DesiredState;
import dev.agentservice.v1alpha1.Phase;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * A spec that is changed while the operator's own status write is under way. JOSDK 5.3 takes the
 * event of that change for the echo of its own write (java-operator-sdk#3398): without the pattern
 * of {@code Hands.write} the change is not acted upon before the next look, which is minutes away
 * for a service that waits for its deployment.
 */
@OnApiServer
class LostUpdateTest {

  @Test
  void aStopThatRacesTheStatusWriteIsNotLost(ControlPlane plane) {
    var tenant = Tenant.in(plane);
    var raced = new AtomicBoolean();
    var client =
        plane.newOperatorClient(
            new Interceptor() {
              @Override
              public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                var path = request.uri().getPath();
                if (path.contains(tenant.namespace() + "/agentservices/s/status")
                    && raced.compareAndSet(false, true)) {
                  tenant.editService("s", spec -> spec.withDesiredState(DesiredState.STOPPED));
                }
              }
            });
    try (client;
        var operator =
            new AgentServiceOperator(
                ControlPlane.OPERATOR_SETTINGS, client, new OperatorMetrics())) {
      operator.start();
      tenant.applyService("s", spec -> spec);
      tenant.awaitPhase("s", Phase.STOPPED);
    }
  }
}
