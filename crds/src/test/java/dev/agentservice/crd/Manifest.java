package dev.agentservice.crd;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A manifest as a user writes it: text, which can say what our Java types cannot. */
record Manifest(Map<?, ?> content) {
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  /** The smallest AgentDeployment. */
  static Manifest deployment() {
    return of(
        """
        apiVersion: agentservice.dev/v1alpha1
        kind: AgentDeployment
        metadata: {name: echo, namespace: default}
        spec:
          template: {image: registry.example/echo:1, port: 8080}
        """);
  }

  /** The smallest AgentVersion. */
  static Manifest version() {
    return of(
        """
        apiVersion: agentservice.dev/v1alpha1
        kind: AgentVersion
        metadata: {name: echo-aaaabbbbccccdddd, namespace: default}
        spec:
          deployment: echo
          number: 1
          template: {image: registry.example/echo:1, port: 8080}
        """);
  }

  /** The smallest AgentService. */
  static Manifest service() {
    return of(
        """
        apiVersion: agentservice.dev/v1alpha1
        kind: AgentService
        metadata: {name: echo-1, namespace: default}
        spec: {deployment: echo}
        """);
  }

  static Manifest of(String yaml) {
    return new Manifest(YAML.unmarshal(yaml, Map.class));
  }

  static Manifest file(String name) {
    return new Manifest(resource(name));
  }

  /** A YAML file of the tests. */
  static Map<?, ?> resource(String name) {
    try (var in = Manifest.class.getResourceAsStream(name)) {
      return YAML.unmarshal(in, Map.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** This manifest changed by a JSON merge patch: YAML without the outermost braces. */
  Manifest with(String patch) {
    return with(YAML.unmarshal(patch, Map.class));
  }

  Manifest with(Map<?, ?> patch) {
    return new Manifest(merge(content, patch));
  }

  Manifest withTemplate(Map<?, ?> patch) {
    return with(Map.of("spec", Map.of("template", patch)));
  }

  /** On the server, every field it does not know being an error, as with kubectl. */
  Resource<GenericKubernetesResource> on(KubernetesClient client) {
    return client.resource(resource());
  }

  GenericKubernetesResource create(KubernetesClient client) {
    return on(client).fieldValidation(Validation.STRICT).create();
  }

  GenericKubernetesResource tryToCreate(KubernetesClient client) {
    return on(client).dryRun().fieldValidation(Validation.STRICT).create();
  }

  private GenericKubernetesResource resource() {
    return YAML.convertValue(content, GenericKubernetesResource.class);
  }

  void apply(KubernetesClient client) {
    on(client).fieldValidation(Validation.STRICT).serverSideApply();
  }

  GenericKubernetesResource applyStatus(KubernetesClient client) {
    return on(client)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), resource());
  }

  private static Map<Object, Object> merge(Map<?, ?> target, Map<?, ?> patch) {
    var merged = new LinkedHashMap<Object, Object>(target);
    patch.forEach(
        (key, value) -> {
          if (value == null) {
            merged.remove(key);
          } else if (value instanceof Map<?, ?> inner) {
            merged.put(
                key, merge(merged.get(key) instanceof Map<?, ?> old ? old : Map.of(), inner));
          } else {
            merged.put(key, value);
          }
        });
    return merged;
  }
}
