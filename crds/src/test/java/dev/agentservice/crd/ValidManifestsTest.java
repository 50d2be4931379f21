package dev.agentservice.crd;

import static dev.agentservice.crd.Manifest.deployment;
import static dev.agentservice.crd.Manifest.service;
import static dev.agentservice.crd.Manifest.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a real API server accepts, fills in, and lets change. */
@OnApiServer
class ValidManifestsTest {
  static Stream<Arguments> manifests() {
    return Stream.of(
        arguments("smallest deployment", deployment()),
        arguments("smallest version", version()),
        arguments("smallest service", service()),
        arguments("every field of a deployment", Manifest.file("/full-agentdeployment.yml")),
        arguments("every field of a version", Manifest.file("/full-agentversion.yml")),
        arguments("every field of a service", Manifest.file("/full-agentservice.yml")),
        arguments(
            "longest deployment name",
            deployment().with("metadata: {name: " + "a".repeat(45) + "}")),
        arguments("deployment name of digits", deployment().with("metadata: {name: '007'}")),
        arguments(
            "longest service name", service().with("metadata: {name: " + "a".repeat(54) + "}")),
        arguments("version that may be pinned", deployment().with("spec: {activeVersion: echo-x}")),
        arguments(
            "readiness by path alone",
            deployment().with("spec: {template: {readiness: {http: {path: /}}}}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("manifests")
  void isAcceptedWhole(String what, Manifest manifest, ApiServer server) {
    var accepted = manifest.tryToCreate(server.client());

    assertContains(accepted.get("spec"), manifest.content().get("spec"));
  }

  @Test
  void defaultsAreFilledIn(ApiServer server) {
    var deployment =
        deployment()
            .with("spec: {template: {envSpec: {required: [A]}, readiness: {tcp: {}}}}")
            .tryToCreate(server.client());

    assertContains(
        deployment.get("spec"),
        Manifest.of(
                """
                suspended: false
                permissions: {publicUrl: false, internetAccess: true}
                serviceTtlSecondsAfterFinished: 86400
                versionHistoryLimit: 10
                template:
                  startTimeoutSeconds: 120
                  stopGraceSeconds: 30
                  restartPolicy: Always
                  supervision: Auto
                  envSpec: {additional: Deny}
                  readiness: {periodSeconds: 1, failureThreshold: 10}
                """)
            .content());
    assertThat(service().tryToCreate(server.client()).<String>get("spec", "desiredState"))
        .isEqualTo("Running");
  }

  @Test
  void aNewServiceIsStartingBeforeAnyoneLooked(ApiServer server) {
    var created = service().with("metadata: {name: fresh}").create(server.client());

    assertThat(created.<Map<String, Object>>get("status"))
        .containsOnly(Map.entry("observedGeneration", -1), Map.entry("phase", "starting"));
  }

  @Test
  void whatAServiceRunsNeverChanges(ApiServer server) {
    var floating = service().with("metadata: {name: floating}");
    floating.apply(server.client());
    var pinned = service().with("metadata: {name: pinned}").with("spec: {version: echo-a}");
    pinned.apply(server.client());

    refused(
        server, floating.with("spec: {deployment: other}"), "spec.deployment", "must not change");
    refused(server, floating.with("spec: {version: echo-a}"), "spec.version", "nor be added");
    refused(server, pinned.with("spec: {version: echo-b}"), "spec.version", "must not change");
    refused(server, pinned.with("spec: {version: null}"), "spec.version", "removed later");
    refused(server, pinned.with("spec: null"), "spec", "Required value");
  }

  @Test
  void whatAServiceIsToldMayChange(ApiServer server) {
    var told = service().with("metadata: {name: told}").with("spec: {version: echo-a}");
    told.apply(server.client());

    told.with("spec: {desiredState: Stopped, stopReason: enough}").apply(server.client());
    told.with("spec: {restartId: '1', envSecret: {name: s}}").apply(server.client());
    told.with("spec: {envFrom: [{secretRef: {name: s}}]}").apply(server.client());
    told.apply(server.client());
  }

  @Test
  void aVersionNeverChanges(ApiServer server) {
    var cut = version().with("metadata: {name: echo-frozen}");
    cut.apply(server.client());

    var message = "must not change: a version is one recipe for ever";
    refused(server, cut.with("spec: {template: {port: 1}}"), "spec", message);
    refused(server, cut.with("spec: {template: {workingDir: /}}"), "spec", message);
    refused(server, cut.with("spec: {number: 2}"), "spec", message);
    cut.with("metadata: {labels: {a: b}}").apply(server.client());
  }

  @Test
  void statusTakesWhatTheOperatorMaySay(ApiServer server) {
    var manifest = service().with("metadata: {name: status}");
    manifest.apply(server.client());
    var said =
        manifest.with(
            """
            status:
              phase: ready
              processId: 4294967295
              startedAt: 2026-11-23T20:00:00Z
              readinessStatus: {reason: Ready, somethingNew: {deep: 1}}
              conditions:
              - {type: Ready, status: "True", reason: Ready, message: "", lastTransitionTime: 2026-11-23T20:00:00Z}
            """);

    var stored = said.applyStatus(server.client());

    assertContains(stored.get("status"), (Map<?, ?>) said.content().get("status"));
    refusedStatus(server, manifest.with("status: {phase: Ready}"), "status.phase", "\"ready\"");
    refusedStatus(
        server, manifest.with("status: {processId: 4294967296}"), "status.processId", "4294967295");
    refusedStatus(
        server, manifest.with("status: {startedAt: noon}"), "status.startedAt", "date-time");
    refusedStatus(
        server, manifest.with("status: {id: adsvc_1}"), "status.id", "should match '^adsvc_");
  }

  private static void refused(ApiServer server, Manifest manifest, String field, String says) {
    assertThatThrownBy(() -> manifest.apply(server.client()))
        .hasMessageContaining(field)
        .hasMessageContaining(says);
  }

  private static void refusedStatus(
      ApiServer server, Manifest manifest, String field, String says) {
    assertThatThrownBy(() -> manifest.applyStatus(server.client()))
        .hasMessageContaining(field)
        .hasMessageContaining(says);
  }

  /** What was said is there, whatever else the server filled in. */
  private static void assertContains(Object stored, Object said) {
    if (said instanceof Map<?, ?> map) {
      map.forEach((key, value) -> assertContains(((Map<?, ?>) stored).get(key), value));
    } else if (said instanceof List<?> list) {
      assertThat((List<?>) stored).hasSameSizeAs(list);
      for (int i = 0; i < list.size(); i++) {
        assertContains(((List<?>) stored).get(i), list.get(i));
      }
    } else {
      assertThat(stored).isEqualTo(said);
    }
  }
}
