package dev.agentservice.e2e;

import static java.util.stream.Collectors.toCollection;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A ServiceAccount, by the rights that the chart grants it and those that it used. A right reads as
 * {@code update agentservices/status.agentservice.dev}.
 */
record Account(String namespace, String name) {

  private static final String DECISION = "authorization.k8s.io/decision";
  private static final String REASON = "authorization.k8s.io/reason";

  /** The bindings that each cluster has of itself give these to every account. */
  private static final String KUBERNETES_OWN_BINDING = "Binding \"system:";

  String user() {
    return "system:serviceaccount:%s:%s".formatted(namespace, name);
  }

  /** By the bindings of the chart: what tests bind besides has not its labels. */
  SortedSet<String> granted(KubernetesClient client) {
    var rbac = client.rbac();
    var ofCluster =
        rbac.clusterRoleBindings().withLabel("app.kubernetes.io/part-of", "agentservice").list();
    var ofNamespaces =
        rbac.roleBindings()
            .inAnyNamespace()
            .withLabel("app.kubernetes.io/part-of", "agentservice")
            .list();
    return Stream.concat(
            ofCluster.getItems().stream()
                .filter(binding -> concerns(binding.getSubjects()))
                .flatMap(binding -> rules(client, binding.getRoleRef(), null)),
            ofNamespaces.getItems().stream()
                .filter(binding -> concerns(binding.getSubjects()))
                .flatMap(
                    binding ->
                        rules(client, binding.getRoleRef(), binding.getMetadata().getNamespace())))
        .flatMap(Account::rights)
        .collect(toCollection(TreeSet::new));
  }

  /** What it asked for and the chart's bindings allowed. */
  SortedSet<String> used(Path auditLog) {
    return asked(
        auditLog,
        request ->
            decision(request).equals("allow") && !reason(request).contains(KUBERNETES_OWN_BINDING));
  }

  /** What it asked for and had no right to, there and then: the namespace may have been going. */
  SortedSet<String> refused(Path auditLog) {
    return asked(auditLog, request -> decision(request).equals("forbid"));
  }

  private SortedSet<String> asked(Path auditLog, Predicate<JsonNode> matter) {
    try (var lines = Files.lines(auditLog)) {
      return lines
          .filter(line -> line.contains(user()) && line.endsWith("}")) // not half written
          .map(line -> Serialization.unmarshal(line, JsonNode.class))
          .filter(request -> request.at("/user/username").asText().equals(user()))
          .filter(matter)
          .map(Account::right)
          .collect(toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String decision(JsonNode request) {
    return request.path("annotations").path(DECISION).asText();
  }

  private static String reason(JsonNode request) {
    return request.path("annotations").path(REASON).asText();
  }

  private static String right(JsonNode request) {
    var object = request.path("objectRef");
    return object.isMissingNode()
        ? request.path("verb").asText() + " " + request.path("requestURI").asText()
        : right(
            request.path("verb").asText(),
            object.path("apiGroup").asText(),
            Stream.of(object.path("resource").asText(), object.path("subresource").asText())
                .filter(part -> !part.isEmpty())
                .reduce((resource, subresource) -> resource + "/" + subresource)
                .orElseThrow());
  }

  private static String right(String verb, String group, String resource) {
    return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
  }

  private static Stream<String> rights(PolicyRule rule) {
    return rule.getVerbs().stream()
        .flatMap(
            verb ->
                rule.getApiGroups().stream()
                    .flatMap(
                        group ->
                            rule.getResources().stream()
                                .map(resource -> right(verb, group, resource))));
  }

  private boolean concerns(List<Subject> subjects) {
    return subjects.stream()
        .anyMatch(
            subject ->
                subject.getKind().equals("ServiceAccount")
                    && subject.getName().equals(name)
                    && subject.getNamespace().equals(namespace));
  }

  private static Stream<PolicyRule> rules(KubernetesClient client, RoleRef role, String namespace) {
    return (role.getKind().equals("ClusterRole")
            ? client.rbac().clusterRoles().withName(role.getName()).get().getRules()
            : client
                .rbac()
                .roles()
                .inNamespace(namespace)
                .withName(role.getName())
                .get()
                .getRules())
        .stream();
  }
}
