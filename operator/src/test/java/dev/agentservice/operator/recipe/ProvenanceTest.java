package dev.agentservice.operator.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.AgentVersionSpec;
import dev.agentservice.v1alpha1.Template;
import dev.agentservice.v1alpha1.TemplateBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvenanceTest {

  private static final Template TEMPLATE =
      TemplateBuilder.builder().image("registry.example/echo:1").port(8080).build();

  @ParameterizedTest
  @CsvSource({
    // its deployment, its content, its owner
    "echo , echo:1, uid-1       , GENUINE",
    "echo , echo:1, uid-2 uid-1 , GENUINE",
    "echo , echo:1, ''          , OWNERLESS",
    "echo , echo:1, uid-2       , FOREIGN",
    "echo , evil:1, uid-1       , FOREIGN",
    "echo , evil:1, ''          , FOREIGN",
    "other, echo:1, uid-1       , FOREIGN",
    "other, echo:1, ''          , FOREIGN",
  })
  void provenance(String deployment, String image, String owners, Provenance expected) {
    var version = new AgentVersion();
    version.getMetadata().setName(RecipeName.of("echo", TEMPLATE));
    version.setSpec(
        new AgentVersionSpec(deployment, 1L, TEMPLATE.withImage("registry.example/" + image)));
    for (var owner : owners.isEmpty() ? new String[0] : owners.split(" ", -1)) {
      version.addOwnerReference(
          new OwnerReferenceBuilder()
              .withApiVersion("v1")
              .withKind("AgentDeployment")
              .withName("echo")
              .withUid(owner)
              .build());
    }

    assertThat(Provenance.of(version, deployment())).isEqualTo(expected);
  }

  private static AgentDeployment deployment() {
    var deployment = new AgentDeployment();
    deployment.getMetadata().setName("echo");
    deployment.getMetadata().setUid("uid-1");
    return deployment;
  }
}
