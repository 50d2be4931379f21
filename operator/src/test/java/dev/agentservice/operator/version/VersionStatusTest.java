package dev.agentservice.operator.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.recipe.RecipeName;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VersionStatusTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Template TEMPLATE =
      TemplateBuilder.builder().image("registry.example/echo:1").port(8080).build();

  static Stream<Arguments> versions() {
    return Stream.of(
        arguments("made by its deployment", version("uid-1", TEMPLATE), "Ready=True Genuine"),
        arguments(
            "ownerless",
            version(null, TEMPLATE),
            "Ready=False NameConflict, Stalled=True NameConflict"),
        arguments(
            "made by somebody else",
            version("uid-2", TEMPLATE),
            "Ready=False NameConflict, Stalled=True NameConflict"),
        arguments(
            "another recipe under its name",
            version("uid-1", TEMPLATE.withImage("evil")),
            "Ready=False NameConflict, Stalled=True NameConflict"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("versions")
  void conditions(String what, AgentVersion version, String expected) {
    assertThat(words(version, Optional.of(deployment()), NOW)).as(what).isEqualTo(expected);
  }

  @Test
  void withoutItsDeployment() {
    assertThat(words(version("uid-1", TEMPLATE), Optional.empty(), NOW))
        .isEqualTo("Ready=False DeploymentNotFound, Stalled=True DeploymentNotFound");
  }

  @Test
  void theSameIsEqualLater() {
    var version = version("uid-1", TEMPLATE);
    version.setStatus(VersionStatus.of(version, Optional.of(deployment()), NOW));

    assertThat(VersionStatus.of(version, Optional.of(deployment()), NOW.plusSeconds(60)))
        .isEqualTo(version.getStatus());
    assertThat(version.getStatus().observedGeneration()).isEqualTo(1);
  }

  private static String words(
      AgentVersion version, Optional<AgentDeployment> deployment, Instant now) {
    return String.join(
        ", ",
        VersionStatus.of(version, deployment, now).conditions().stream()
            .map(c -> c.getType() + "=" + c.getStatus() + " " + c.getReason())
            .toList());
  }

  private static AgentVersion version(String ownerUid, Template content) {
    var version = new AgentVersion();
    var metadata =
        new ObjectMetaBuilder().withName(RecipeName.of("echo", TEMPLATE)).withGeneration(1L);
    if (ownerUid != null) {
      metadata
          .addNewOwnerReference()
          .withKind("AgentDeployment")
          .withUid(ownerUid)
          .endOwnerReference();
    }
    version.setMetadata(metadata.build());
    version.setSpec(new AgentVersionSpec("echo", 1L, content));
    return version;
  }

  private static AgentDeployment deployment() {
    var deployment = new AgentDeployment();
    deployment.setMetadata(new ObjectMetaBuilder().withName("echo").withUid("uid-1").build());
    return deployment;
  }
}
