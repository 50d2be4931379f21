package dev.agentservice.crd;

import static dev.agentservice.crd.AdmissionYaml.ASKED_ONE_BY_ONE;
import static dev.agentservice.crd.Manifest.deployment;
import static dev.agentservice.crd.Manifest.service;
import static dev.agentservice.crd.Manifest.version;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The largest manifests that the schemas take, against what the API server lets a policy cost: one
 * that costs more would be refused to everybody.
 */
@OnApiServer
class AdmissionLimitsTest {
  private static final List<Right> GET_ALL =
      List.of(Right.CREATE_PODS, Right.getSecret(null), Right.getConfigMap(null));

  @BeforeAll
  static void policies(ApiServer server) {
    Author.askedBy(server);
  }

  /** As long as names may be. */
  private static String name(int number) {
    return "n%03d-".formatted(number) + "a".repeat(248);
  }

  private static String list(int from, int to, IntFunction<String> each) {
    return IntStream.range(from, to).mapToObj(each).collect(joining(", ", "[", "]"));
  }

  private static Manifest deploymentNaming(int secrets, int configMaps) {
    var pulling = Math.min(secrets, 16);
    var volumes =
        list(pulling, secrets, i -> "{name: s%d, secret: {secretName: %s}}".formatted(i, name(i)))
            + list(0, configMaps, i -> "{name: c%d, configMap: {name: %s}}".formatted(i, name(i)));
    return deployment()
        .with(
            """
            metadata: {name: limits}
            spec: {template: {podOverrides: {serviceAccountName: %s, imagePullSecrets: %s, volumes: %s}}}
            """
                .formatted(
                    name(999),
                    list(0, pulling, i -> "{name: %s}".formatted(name(i))),
                    volumes.replace("][", ", ").replace("[, ", "[").replace(", ]", "]")));
  }

  /** What asks most of all. */
  private static Manifest versionOf(Manifest deployment) {
    var spec = (Map<?, ?>) deployment.content().get("spec");
    return version().with(Map.of("spec", spec));
  }

  private static Manifest serviceNaming(int from, int to) {
    return service()
        .with("metadata: {name: limits}")
        .with(
            "spec: {envSecret: {name: %s}, envFrom: %s}"
                .formatted(
                    name(from), list(from, to, i -> "{secretRef: {name: %s}}".formatted(name(i)))));
  }

  private static List<Right> eachOf(int secrets) {
    var rights =
        new ArrayList<>(
            List.of(
                Right.CREATE_PODS,
                Right.createTokenOf(name(999)),
                Right.onOurs("update", "agentdeployments", "echo")));
    IntStream.range(0, secrets).forEach(i -> rights.add(Right.getSecret(name(i))));
    return rights;
  }

  @Test
  void asManyAsAreAskedOneByOne(ApiServer server) {
    var author = Author.holding(server, eachOf(ASKED_ONE_BY_ONE)).client();

    deploymentNaming(ASKED_ONE_BY_ONE, 0).tryToCreate(author);
    versionOf(deploymentNaming(ASKED_ONE_BY_ONE, 0)).tryToCreate(author);
    serviceNaming(0, ASKED_ONE_BY_ONE).tryToCreate(author);
  }

  @Test
  void theLastOfThemCounts(ApiServer server) {
    var author = Author.holding(server, eachOf(ASKED_ONE_BY_ONE - 1));
    var deployment = deploymentNaming(ASKED_ONE_BY_ONE, 0);
    var service = serviceNaming(0, ASKED_ONE_BY_ONE);

    assertThat(author.isRefused(by -> deployment.tryToCreate(by.client())))
        .contains(name(ASKED_ONE_BY_ONE - 1));
    assertThat(author.isRefused(by -> service.tryToCreate(by.client())))
        .contains(name(ASKED_ONE_BY_ONE - 1));
  }

  @Test
  void moreAreForWhoMayGetAll(ApiServer server) {
    var each = Author.holding(server, eachOf(64));
    var all = new ArrayList<>(GET_ALL);
    all.add(Right.createTokenOf(name(999)));
    var reader = Author.holding(server, all).client();

    assertThat(each.isRefused(by -> serviceNaming(0, 64).tryToCreate(by.client())))
        .contains("may not get all secrets and configmaps", "more than " + ASKED_ONE_BY_ONE);
    assertThat(each.isRefused(by -> deploymentNaming(16, 32).tryToCreate(by.client())))
        .contains("may not get all secrets and configmaps");
    serviceNaming(0, 64).tryToCreate(reader);
    deploymentNaming(16, 32).tryToCreate(reader);
  }

  /** Getting all Secrets is not getting all ConfigMaps. */
  @Test
  void allOfTheKindThatIsNamed(ApiServer server) {
    var secrets =
        Author.holding(
            server,
            List.of(Right.CREATE_PODS, Right.getSecret(null), Right.createTokenOf(name(999))));

    serviceNaming(0, 64).tryToCreate(secrets.client());
    assertThat(secrets.isRefused(by -> deploymentNaming(16, 32).tryToCreate(by.client())))
        .contains("may not get all");
  }

  @Test
  void manyKeysOfOneSecretAreOneName(ApiServer server) {
    var author = Author.holding(server, List.of(Right.getSecret("one"))).client();
    var keys = list(0, 64, i -> "{secretKeyRef: {name: one, key: K%d}}".formatted(i));

    service().with("spec: {envFrom: %s}".formatted(keys)).tryToCreate(author);
  }

  @Test
  void everyNameAnother(ApiServer server) {
    var another = "metadata: {name: limits-changed}";
    serviceNaming(0, 64).with(another).apply(server.client());
    var reader = Author.holding(server, GET_ALL).client();

    serviceNaming(100, 164).with(another).apply(reader);
  }

  /** About as large as an object may be in etcd. */
  @Test
  void aLargeRecipe(ApiServer server) {
    var arguments = list(0, 120, i -> "%d%s".formatted(i, "x".repeat(9_000)));
    var large =
        deployment()
            .with("metadata: {name: large}")
            .with("spec: {template: {args: %s}}".formatted(arguments));
    large.apply(server.client());
    var author = Author.holding(server, List.of(Right.CREATE_PODS)).client();

    large.with("spec: {template: {port: 1}}").apply(author);
    large.with("spec: {template: {port: 1}, suspended: true}").apply(author);
  }
}
