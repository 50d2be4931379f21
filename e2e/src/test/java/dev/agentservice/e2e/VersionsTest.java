package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Recipes are cut once, kept by who runs them, and never taken from a stranger. */
class VersionsTest {

  @AutoClose private final Tenant tenant = Tenant.create();

  @Test
  void editingTheTemplateTwiceAndBackGivesTwoVersions() {
    tenant.applyDeployment(template -> release(template, "one"));
    tenant.applyService("old", spec -> spec);
    var first = tenant.awaitReady("old").getStatus().versionId();

    tenant.editTemplate(template -> release(template, "two"));
    assertThat(tenant.activeVersion()).isNotEqualTo(first);
    tenant.applyService("middle", spec -> spec);
    tenant.awaitReady("middle");
    tenant.editTemplate(template -> release(template, "one"));
    assertThat(tenant.activeVersion()).isEqualTo(first);
    tenant.applyService("new", spec -> spec);
    tenant.awaitReady("new");

    assertThat(tenant.versions()).hasSize(2);
    assertThat(List.of("old", "middle", "new"))
        .extracting(service -> tenant.agent(service).get("/"))
        .satisfiesExactly(
            old -> assertThat(old).contains("\"release\":\"one\""),
            middle -> assertThat(middle).contains("\"release\":\"two\""),
            newest -> assertThat(newest).contains("\"release\":\"one\""));
  }

  @Test
  void oldVersionsAreKeptAsFarAsTheDeploymentSays() {
    tenant.applyDeployment(template -> release(template, "one"));
    var first = tenant.activeVersion();
    tenant.editDeployment(spec -> spec.withVersionHistoryLimit(0));
    tenant.editTemplate(template -> release(template, "two"));

    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(tenant.versions())
                    .extracting(version -> version.getMetadata().getName())
                    .hasSize(1)
                    .doesNotContain(first));
  }

  @Test
  void aVersionFromABackupIsOwnedAgain() {
    tenant.applyDeployment(template -> release(template, "one"));
    var name = tenant.activeVersion();
    tenant.bash(
        "kubectl patch agv %s --type json -p '[{\"op\": \"remove\", \"path\": \"/metadata/ownerReferences\"}]'"
            .formatted(name));

    Tenant.patiently()
        .untilAsserted(
            () ->
                assertThat(tenant.versions().getFirst().getMetadata().getOwnerReferences())
                    .extracting(OwnerReference::getName)
                    .containsExactly("d"));
    assertThat(tenant.activeVersion()).isEqualTo(name);
  }

  @Test
  void aVersionPlantedUnderTheExpectedNameIsNeverRun() {
    tenant.applyDeployment(template -> release(template, "genuine"));
    var name = tenant.activeVersion();
    var genuine = tenant.versions().getFirst();
    var planted = new AgentVersion();
    planted.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(tenant.namespace())
            .withName(name)
            .withOwnerReferences(genuine.getMetadata().getOwnerReferences())
            .build());
    planted.setSpec(
        genuine.getSpec().withTemplate(release(genuine.getSpec().template(), "planted")));
    Tenant.patiently()
        .ignoreExceptions() // the operator may have been quicker and cut it anew: then plant again
        .until(
            () -> {
              tenant.client().resource(genuine).delete();
              return tenant.client().resource(planted).create() != null;
            });
    // before that the operator may still know the genuine one, and would run that
    tenant
        .client()
        .resource(planted)
        .waitUntilCondition(
            version ->
                version.getStatus() != null
                    && version.getStatus().conditions().stream()
                        .anyMatch(condition -> condition.getReason().equals("NameConflict")),
            30,
            TimeUnit.SECONDS);

    tenant.applyService("s", spec -> spec.withVersion(name));
    var failed = tenant.await("s", "failed VersionMismatch");
    assertThat(failed.getStatus().failureReason()).contains(name);
    assertThat(tenant.pods()).isEmpty();
  }

  private static Template release(Template template, String release) {
    return template.withArgs(List.of("--release=" + release));
  }
}
