package dev.agentservice.e2e.bench;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;

/** What the chart lets the HTTP API do besides where there are public URLs: read its own keys. */
record SigningRight(KubernetesClient client, Role role, RoleBinding binding)
    implements AutoCloseable {

  private static final String NAME = "bench-signing-keys";

  static SigningRight grant(KubernetesClient client) {
    var metadata =
        new ObjectMetaBuilder().withNamespace(Installation.NAMESPACE).withName(NAME).build();
    var role =
        new RoleBuilder()
            .withMetadata(metadata)
            .addNewRule()
            .withApiGroups("")
            .withResources("secrets")
            .withResourceNames("agentservice-api-signing-keys")
            .withVerbs("get")
            .endRule()
            .build();
    var binding =
        new RoleBindingBuilder()
            .withMetadata(metadata)
            .withNewRoleRef()
            .withKind("Role")
            .withName(NAME)
            .endRoleRef()
            .addNewSubject()
            .withKind("ServiceAccount")
            .withNamespace(Installation.NAMESPACE)
            .withName("agentservice-api")
            .endSubject()
            .build();
    client.resource(role).createOr(NonDeletingOperation::update);
    client.resource(binding).createOr(NonDeletingOperation::update);
    return new SigningRight(client, role, binding);
  }

  @Override
  public void close() {
    client.resource(binding).delete();
    client.resource(role).delete();
  }
}
