package dev.agentservice.operator.service;

import dev.agentservice.v1alpha1.AgentService;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads a Service and its EndpointSlices: what it selects, and whether traffic flows. */
final class FrontReading {

  private FrontReading() {}

  static Front.Present of(
      Service front, AgentService service, Sandbox sandbox, Stream<EndpointSlice> slices) {
    return of(front, service, isServing(front, sandbox, slices));
  }

  /** A Service whose selector was changed by hand selects no attempt. */
  static Front.Present of(Service front, AgentService service, boolean serving) {
    var current = Observation.statusOf(service).attempt();
    var selectsCurrent =
        current != null && ServiceNames.selector(service).equals(front.getSpec().getSelector());
    return new Front.Present(
        selectsCurrent ? current : 0,
        front.getSpec().getPorts().stream().findFirst().map(ServicePort::getPort).orElse(0),
        serving);
  }

  private static boolean isServing(Service front, Sandbox sandbox, Stream<EndpointSlice> slices) {
    return sandbox instanceof Sandbox.Present present
        && slices
            .filter(slice -> slice.hasOwnerReferenceFor(front))
            .map(EndpointSlice::getEndpoints)
            .filter(Objects::nonNull) // as the controller writes a slice before any pod is ready
            .flatMap(List::stream)
            .anyMatch(endpoint -> isReady(endpoint, present.pod().uid()));
  }

  private static boolean isReady(Endpoint endpoint, String podUid) {
    return endpoint.getTargetRef() != null
        && Objects.equals(endpoint.getTargetRef().getUid(), podUid)
        && endpoint.getConditions() != null
        && Boolean.TRUE.equals(endpoint.getConditions().getReady());
  }
}
