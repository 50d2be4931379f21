package dev.agentservice.crd;

import static dev.agentservice.crd.Manifest.deployment;
import static dev.agentservice.crd.Manifest.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A change asks for what is new in it, and for nothing that was there before. */
@OnApiServer
class AdmissionOfChangesTest {

  @BeforeAll
  static void policies(ApiServer server) {
    Author.askedBy(server);
  }

  private static Manifest deploymentWithSecret(String name, ApiServer server) {
    var manifest =
        deployment()
            .with("metadata: {name: %s}".formatted(name))
            .with(
                "spec: {template: {podOverrides: {volumes: [{name: v, secret: {secretName: keys}}]}}}");
    manifest.apply(server.client());
    return manifest;
  }

  private static Manifest serviceWithSecrets(String name, ApiServer server) {
    var manifest =
        service()
            .with("metadata: {name: %s}".formatted(name))
            .with("spec: {envSecret: {name: once}, envFrom: [{secretRef: {name: all}}]}");
    manifest.apply(server.client());
    return manifest;
  }

  @Test
  void whatSaysNothingOfARecipeAsksNothing(ApiServer server) {
    var nobody = Author.holding(server, List.of()).client();
    var old = deploymentWithSecret("edited", server);

    old.apply(nobody);
    old.with("spec: {description: better, suspended: true, maxServices: 3}").apply(nobody);
    old.with("spec: {versionHistoryLimit: 1, serviceTtlSecondsAfterFinished: 60}").apply(nobody);
    old.with("metadata: {labels: {a: b}}").apply(nobody);
  }

  /** Or else another image would read the Secret whose name stands beside it. */
  @Test
  void aChangedRecipeAnswersForAllThatItNames(ApiServer server) {
    var old = deploymentWithSecret("retagged", server);
    var retagged = old.with("spec: {template: {image: registry.example/mine:1}}");
    var podsOnly = Author.holding(server, List.of(Right.CREATE_PODS));
    var reader = Author.holding(server, List.of(Right.CREATE_PODS, Right.getSecret("keys")));

    assertThat(podsOnly.isRefused(by -> retagged.apply(by.client()))).contains("get secrets/keys");
    retagged.apply(reader.client());
    retagged.with("spec: {template: {podOverrides: null}}").apply(podsOnly.client());
  }

  @Test
  void aServiceIsStoppedAndRestartedByWhoMayNotReadItsSecrets(ApiServer server) {
    var nobody = Author.holding(server, List.of()).client();
    var old = serviceWithSecrets("stopped", server);

    old.apply(nobody);
    old.with("spec: {desiredState: Stopped, stopReason: enough}").apply(nobody);
    old.with("spec: {restartId: again}").apply(nobody);
    old.with("spec: {envSecret: null}").apply(nobody);
  }

  @Test
  void onlyAddedNamesAreAsked(ApiServer server) {
    var old = serviceWithSecrets("added", server);
    var added = old.with("spec: {envSecret: {name: twice}}");
    var reader = Author.holding(server, List.of(Right.getSecret("twice")));
    var nobody = Author.holding(server, List.of());

    assertThat(nobody.isRefused(by -> added.apply(by.client()))).contains("get secrets/twice");
    added.apply(reader.client());
    assertThat(reader.isRefused(by -> old.apply(by.client()))).contains("get secrets/once");
  }

  /** What the operator writes as consumed is what the spec named. */
  @Test
  void aStatusAsksForNoNameOfItsSpec(ApiServer server) {
    var old = serviceWithSecrets("consumed", server);
    var starting = old.with("status: {phase: starting, attempt: 1, envSecretName: once}");
    var nobody = Author.holding(server, List.of()).client();

    starting.applyStatus(nobody);
    starting.with("status: {phase: ready}").applyStatus(nobody);
  }

  @Test
  void theOperatorMovesAServiceToItsNextSecret(ApiServer server) {
    var old = serviceWithSecrets("moved", server);
    var stored =
        old.with("status: {phase: ready, envSecretName: before}").applyStatus(server.client());
    stored.<Map<String, Object>>get("status").put("envSecretName", "once");

    Author.operator(server).client().resource(stored).updateStatus();

    assertThat(old.on(server.client()).get().<String>get("status", "envSecretName"))
        .isEqualTo("once");
  }
}
