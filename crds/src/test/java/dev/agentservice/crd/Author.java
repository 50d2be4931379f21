package dev.agentservice.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Somebody who writes our kinds in the namespace default, with the policies of admission/ in force.
 */
record Author(String name, KubernetesClient client) {
  private static final String NAMESPACE = "default";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger BORN = new AtomicInteger();
  private static final List<Right> ON_OUR_KINDS =
      Stream.of("agentdeployments", "agentversions", "agentservices")
          .flatMap(
              plural ->
                  Stream.of("get", "create", "patch").map(verb -> Right.onOurs(verb, plural, null)))
          .toList();
  private static final Right STATUS =
      new Right("patch", "agentservice.dev", "agentservices", "status", null);

  /** May write our kinds and the status of services, and beyond that what is said. */
  static Author holding(ApiServer server, Collection<Right> beyond) {
    var rights = new ArrayList<>(ON_OUR_KINDS);
    rights.add(STATUS);
    rights.addAll(beyond);
    var name = "author-" + BORN.incrementAndGet();
    server
        .client()
        .resource(
            new RoleBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withRules(rights.stream().map(Right::rule).toList())
                .build())
        .create();
    server
        .client()
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", name)
                .addNewSubject("rbac.authorization.k8s.io", "User", name, null)
                .build())
        .create();
    return named(server, name, rights);
  }

  /** The account under which the operator runs, with the rights that the chart gives it. */
  static Author operator(ApiServer server) {
    server.kubectl("apply", "-f", chartsRights("operator").toString());
    return named(
        server, AdmissionYaml.OPERATOR, List.of(Right.onOurs("create", "agentversions", null)));
  }

  /** The account under which the HTTP API runs, with the rights that the chart gives it. */
  static Author api(ApiServer server) {
    server.kubectl("apply", "-f", chartsRights("api").toString());
    return named(server, AdmissionYaml.API, List.of(Right.onOurs("create", "agentservices", null)));
  }

  private static Path chartsRights(String component) {
    try {
      var file = Files.createTempFile("rights", ".yaml");
      file.toFile().deleteOnExit();
      Files.writeString(
          file, "{apiVersion: v1, kind: Namespace, metadata: {name: agentservice-system}}\n---\n");
      var rendering =
          new ProcessBuilder(
                  "tools/helm.sh",
                  "template",
                  "agentservice",
                  "helm/agentservice",
                  "--namespace=agentservice-system",
                  "--set=api.enabled=true",
                  "--show-only=templates/%s-rbac.yaml".formatted(component))
              .directory(CommittedYamlTest.DIRECTORY.toAbsolutePath().getParent().toFile())
              .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (rendering.waitFor() != 0) {
        throw new IllegalStateException("tools/helm.sh does not render the chart");
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Author named(ApiServer server, String name, Collection<Right> rights) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                rights.stream()
                    .map(right -> server.client().resource(right.ask(name, NAMESPACE)).create())
                    .allMatch(answer -> answer.getStatus().getAllowed()));
    var acting = new RequestConfigBuilder().withImpersonateUsername(name).build();
    return new Author(name, server.client().newClient(acting).adapt(KubernetesClient.class));
  }

  /** Applies admission/ and waits until each policy refuses something. */
  static void askedBy(ApiServer server) {
    server.kubectl("apply", "-f", CommittedYamlTest.ADMISSION.toString());
    var nobody = holding(server, List.of());
    for (var asking :
        List.of(
            Manifest.deployment(),
            Manifest.version(),
            Manifest.service().with("spec: {envSecret: {name: any}}"))) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> nobody.isRefused(by -> asking.tryToCreate(by.client())));
    }
  }

  /** The policies refuse it, and what they said. */
  String isRefused(Consumer<Author> write) {
    var refusal = catchThrowableOfType(KubernetesClientException.class, () -> write.accept(this));
    assertThat(refusal).as("accepted from %s", name).isNotNull();
    assertThat(refusal.getCode())
        .as(refusal.getMessage())
        .isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
    assertThat(refusal.getMessage()).contains("ValidatingAdmissionPolicy");
    return refusal.getMessage();
  }
}
