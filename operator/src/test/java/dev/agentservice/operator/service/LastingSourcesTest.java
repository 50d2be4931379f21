package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.EnvFrom;
import dev.agentservice.v1alpha1.EnvFromBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code spec.envFrom} brings is judged before a pod is made, by whichever route it comes. */
@EnableKubernetesMockClient(crud = true)
class LastingSourcesTest {

  private static final Map<String, String> VALUES =
      Map.of("FITS", "x", "NUL", "x\0y", "LARGE", "x".repeat(131072 - "LARGE=".length()));

  private KubernetesClient client;

  @BeforeEach
  void given() {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("tenant")
                .withName("lasting")
                .endMetadata()
                .withData(base64())
                .build())
        .create();
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("tenant")
                .withName("lasting")
                .endMetadata()
                .withData(VALUES)
                .build())
        .create();
  }

  static Stream<Arguments> entries() {
    return Stream.of(
        arguments(secret().build(), VALUES.keySet(), Set.of("NUL", "LARGE")),
        arguments(configMap().build(), VALUES.keySet(), Set.of("NUL", "LARGE")),
        arguments(secretKey("FITS").build(), Set.of("FITS"), Set.of()),
        arguments(secretKey("NUL").build(), Set.of("NUL"), Set.of("NUL")),
        arguments(secretKey("NUL").as("COLOR").build(), Set.of("COLOR"), Set.of("COLOR")),
        arguments(configMapKey("LARGE").build(), Set.of("LARGE"), Set.of("LARGE")),
        arguments(configMapKey("LARGE").as("L").build(), Set.of("L"), Set.of()));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void bringsNamesOfWhichSomeAreUnusable(EnvFrom entry, Set<String> names, Set<String> unusable) {
    var seen = Situation.applied().seen();
    var service = new AgentService();
    service.setMetadata(seen.service().getMetadata());
    service.setSpec(seen.spec().withEnvFrom(List.of(entry)));

    assertThat(new LastingSources(client, new TransientSecrets(client)).look(service))
        .singleElement()
        .satisfies(
            source -> {
              assertThat(source.names()).isEqualTo(names);
              assertThat(source.unusable()).isEqualTo(unusable);
            });
  }

  private static Map<String, String> base64() {
    return VALUES.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                value ->
                    Base64.getEncoder()
                        .encodeToString(value.getValue().getBytes(StandardCharsets.UTF_8))));
  }

  private static EnvFromBuilder secret() {
    return EnvFromBuilder.builder().secretRef(new EnvFrom.WholeRef("lasting"));
  }

  private static EnvFromBuilder configMap() {
    return EnvFromBuilder.builder().configMapRef(new EnvFrom.WholeRef("lasting"));
  }

  private static EnvFromBuilder secretKey(String key) {
    return EnvFromBuilder.builder().secretKeyRef(new EnvFrom.KeyRef("lasting", key));
  }

  private static EnvFromBuilder configMapKey(String key) {
    return EnvFromBuilder.builder().configMapKeyRef(new EnvFrom.KeyRef("lasting", key));
  }
}
