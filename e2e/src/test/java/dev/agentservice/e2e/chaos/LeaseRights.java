package dev.agentservice.e2e.chaos;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The operator's right to its lease, in another namespace than the chart gives it. */
public final class LeaseRights {

  private static final String OPERATOR_NAMESPACE = "agentservice-system";
  private static final String NAME = "agentservice-operator-lease";

  private LeaseRights() {}

  /** Lets operators have their lease in {@code namespace}. */
  public static void grant(KubernetesClient client, String namespace) {
    var metadata = new ObjectMetaBuilder().withNamespace(namespace).withName(NAME).build();
    var role = client.rbac().roles().inNamespace(OPERATOR_NAMESPACE).withName(NAME).get();
    role.setMetadata(metadata);
    client.resource(role).serverSideApply();
    var binding = client.rbac().roleBindings().inNamespace(OPERATOR_NAMESPACE).withName(NAME).get();
    binding.setMetadata(metadata);
    client.resource(binding).serverSideApply();
  }
}
