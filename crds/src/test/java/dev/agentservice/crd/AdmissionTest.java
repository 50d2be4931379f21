package dev.agentservice.crd;

import static dev.agentservice.crd.Manifest.deployment;
import static dev.agentservice.crd.Manifest.service;
import static dev.agentservice.crd.Manifest.version;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who writes a field must hold the right that it uses: the operator, which may do more, is nobody's
 * deputy. The same table stands in docs/security.md.
 */
@OnApiServer
class AdmissionTest {
  private static final Path PAGE =
      CommittedYamlTest.DIRECTORY.resolveSibling("docs").resolve("security.md");

  /**
   * One right and a write that uses it.
   *
   * @param others what the same write asks besides
   * @param before what was there, null where nothing was
   */
  private record Ask(
      String kind,
      String field,
      Right right,
      List<Right> others,
      Manifest before,
      Manifest written,
      BiConsumer<Manifest, KubernetesClient> write) {

    static Ask ofNew(Right right, List<Right> others, String field, Manifest written) {
      return new Ask(kindOf(written), field, right, others, null, written, Manifest::tryToCreate);
    }

    static Ask ofChange(Right right, String field, Manifest before, Manifest written) {
      return new Ask(kindOf(written), field, right, List.of(), before, written, Manifest::apply);
    }

    private static String kindOf(Manifest manifest) {
      return (String) manifest.content().get("kind");
    }

    void by(Author author) {
      write.accept(written, author.client());
    }

    /** As the page says it, of any name. */
    String line() {
      var words = right.toString();
      return "| %s | `%s` | %s |"
          .formatted(
              kind, field, right.name() == null ? words : words.replace(right.name(), "NAME"));
    }

    @Override
    public String toString() {
      return kind + " " + field + ": " + right;
    }
  }

  static Stream<Ask> asks() {
    return Stream.of(deployments(), versions(), services()).flatMap(List::stream);
  }

  private static List<Ask> deployments() {
    var old = deployment().with("metadata: {name: asks}");
    var asks = new ArrayList<>(recipes(deployment(), List.of()));
    asks.add(
        Ask.ofChange(
            Right.CREATE_PODS,
            "spec.activeVersion",
            old,
            old.with("spec: {activeVersion: asks-x}")));
    asks.add(
        Ask.ofChange(
            Right.CREATE_PODS,
            "spec.permissions",
            old,
            old.with("spec: {permissions: {allowOut: [10.0.0.0/8]}}")));
    return asks;
  }

  private static List<Ask> versions() {
    var intoDeployment = Right.onOurs("update", "agentdeployments", "echo");
    var asks = new ArrayList<>(recipes(version(), List.of(intoDeployment)));
    asks.add(Ask.ofNew(intoDeployment, List.of(Right.CREATE_PODS), "spec.deployment", version()));
    return asks;
  }

  private static List<Ask> recipes(Manifest smallest, List<Right> others) {
    return List.of(
        Ask.ofNew(Right.CREATE_PODS, others, "spec.template", smallest),
        override(
            Right.getSecret("hub"),
            others,
            "imagePullSecrets[].name",
            smallest,
            "imagePullSecrets: [{name: hub}]"),
        override(
            Right.getSecret("keys"),
            others,
            "volumes[].secret.secretName",
            smallest,
            "volumes: [{name: a, emptyDir: {}}, {name: b, secret: {secretName: keys}}]"),
        override(
            Right.getConfigMap("words"),
            others,
            "volumes[].configMap.name",
            smallest,
            "volumes: [{name: a, configMap: {name: words}}]"),
        override(
            Right.createTokenOf("robot"),
            others,
            "serviceAccountName",
            smallest,
            "serviceAccountName: robot"));
  }

  private static Ask override(
      Right right, List<Right> others, String field, Manifest smallest, String overrides) {
    return Ask.ofNew(
        right,
        Stream.concat(others.stream(), Stream.of(Right.CREATE_PODS)).toList(),
        "spec.template.podOverrides." + field,
        smallest.with("spec: {template: {podOverrides: {%s}}}".formatted(overrides)));
  }

  private static List<Ask> services() {
    var old = service().with("metadata: {name: asks}");
    return List.of(
        inService(Right.getSecret("once"), "envSecret.name", "envSecret: {name: once}"),
        inService(
            Right.getSecret("all"),
            "envFrom[].secretRef.name",
            "envFrom: [{secretRef: {name: all}}]"),
        inService(
            Right.getSecret("one"),
            "envFrom[].secretKeyRef.name",
            "envFrom: [{secretKeyRef: {name: one, key: K}}]"),
        inService(
            Right.getConfigMap("all"),
            "envFrom[].configMapRef.name",
            "envFrom: [{configMapRef: {name: all}}]"),
        inService(
            Right.getConfigMap("one"),
            "envFrom[].configMapKeyRef.name",
            "envFrom: [{configMapKeyRef: {name: one, key: K}}]"),
        new Ask(
            "AgentService",
            "status.envSecretName",
            Right.getSecret("other"),
            List.of(),
            old,
            old.with("status: {envSecretName: other}"),
            Manifest::applyStatus));
  }

  private static Ask inService(Right right, String field, String spec) {
    return Ask.ofNew(
        right, List.of(), "spec." + field, service().with("spec: {%s}".formatted(spec)));
  }

  @BeforeAll
  static void policies(ApiServer server) {
    Author.askedBy(server);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("asks")
  void isAskedOfItsAuthor(Ask ask, ApiServer server) {
    if (ask.before() != null) {
      ask.before().apply(server.client());
    }
    var without = Author.holding(server, ask.others());
    var all = new ArrayList<>(ask.others());
    all.add(ask.right());
    var with = Author.holding(server, all);

    assertThat(without.isRefused(ask::by))
        .contains(without.name() + " may not " + ask.right() + " in namespace default");
    ask.by(with);
  }

  /** A right to another one's name is no right to this one. */
  @Test
  void rightsGoByName(ApiServer server) {
    var author = Author.holding(server, List.of(Right.getSecret("mine"), Right.getConfigMap("b")));
    var both =
        service().with("spec: {envFrom: [{secretRef: {name: mine}}, {secretRef: {name: b}}]}");

    assertThat(author.isRefused(by -> both.tryToCreate(by.client())))
        .contains("may not get secrets/b in");
  }

  @Test
  void whoNamesNothingIsAskedNothing(ApiServer server) {
    service().tryToCreate(Author.holding(server, List.of()).client());
  }

  @Test
  void aBackupIsRestoredByWhoMayDoEverything(ApiServer server) {
    Manifest.file("/full-agentversion.yml").tryToCreate(server.client());
  }

  @Test
  void theOperatorCutsVersionsOfAnyRecipe(ApiServer server) {
    var operator = Author.operator(server);

    versions().forEach(ask -> ask.by(operator));
  }

  /** It made that Secret, or will, for a caller whom it asked. It answers for no other name. */
  @Test
  void theApiNamesEnvSecretsAndNothingElse(ApiServer server) {
    var api = Author.api(server);

    service().with("spec: {envSecret: {name: fresh}}").tryToCreate(api.client());

    services().stream()
        .filter(ask -> ask.field().contains("envFrom"))
        .forEach(
            ask -> assertThat(api.isRefused(ask::by)).contains("may not " + ask.right() + " in"));
  }

  /** A name that is added to the schemas must be asked for too. */
  @Test
  void noNameIsForgotten() {
    var asked = new LinkedHashSet<>(asks().map(ask -> ask.kind() + " " + ask.field()).toList());

    for (var kind : CrdYaml.KINDS) {
      var names = new LinkedHashSet<String>();
      collectNames(
          CrdYaml.of(kind).at("/spec/versions/0/schema/openAPIV3Schema"),
          kind.getSimpleName(),
          names);
      assertThat(asked).containsAll(names);
    }
  }

  private static void collectNames(JsonNode schema, String path, Set<String> found) {
    schema
        .path("properties")
        .properties()
        .forEach(entry -> collectNames(entry.getValue(), join(path, entry.getKey()), found));
    if (schema.has("items")) {
      collectNames(schema.get("items"), path + "[]", found);
    }
    if (path.matches("(?i).*(secret|configmap|serviceaccount).*name")) {
      found.add(path);
    }
  }

  private static String join(String path, String field) {
    return path + (path.contains(" ") ? "." : " ") + field;
  }

  @Test
  void thePageSaysWhatIsAsked() throws IOException {
    assertThat(Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| Agent")))
        .containsExactlyElementsOf(asks().map(Ask::line).toList());
  }
}
