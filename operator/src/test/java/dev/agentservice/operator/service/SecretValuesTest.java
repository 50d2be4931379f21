package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.entry;

import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of a Secret go nowhere: not into what is seen, not into what is thrown. */
class SecretValuesTest {

  private static final String CANARY = "canary-a41f";
  private static final String PATH = "/api/v1/namespaces/tenant/secrets/env-1";
  private static final AgentService SERVICE = Situation.applied().seen().service();

  /** It tells of each request at INFO. Held, for java.util.logging forgets a level otherwise. */
  private static final Logger CHATTER = Logger.getLogger(MockWebServer.class.getName());

  private final List<HttpRequest> requests = new CopyOnWriteArrayList<>();
  private KubernetesMockServer server;
  private KubernetesClient client;
  private TransientSecrets secrets;

  @BeforeEach
  void start() {
    CHATTER.setLevel(Level.WARNING);
    var responses = new HashMap<ServerRequest, Queue<ServerResponse>>();
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            responses,
            new KubernetesMixedDispatcher(responses),
            false);
    server.init();
    client =
        server.createClient(
            builder ->
                builder
                    .editOrNewConfig()
                    .withRequestRetryBackoffLimit(0)
                    .endConfig()
                    .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("tape", tape())));
    secrets = new TransientSecrets(client);
  }

  @AfterEach
  void stop() {
    client.close();
    server.destroy();
  }

  private Interceptor tape() {
    return new Interceptor() {
      @Override
      public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        requests.add(request);
      }
    };
  }

  @Test
  void aLaterAttemptsSecretOfTheSameNameIsNotForgotten() {
    given(secret -> secret);
    secrets.forget(inAttempt(1), "env-1");

    assertThat(secrets.isForgotten(inAttempt(1), "env-1")).isTrue();
    assertThat(secrets.isForgotten(inAttempt(3), "env-1")).isFalse();
  }

  private static AgentService inAttempt(int attempt) {
    return ServiceStatus.withStatus(
        SERVICE, AgentServiceStatusBuilder.builder().attempt(attempt).build());
  }

  // ---- look

  @Test
  void namesAreSeenAndValuesAreNot() {
    given(secret -> secret.addToData("TOKEN", base64(CANARY)));

    var seen = look();

    assertThat(seen)
        .isInstanceOfSatisfying(
            TransientSecret.Present.class,
            present -> {
              assertThat(present.names()).containsExactly("TOKEN");
              assertThat(present.unusable()).isEmpty();
              assertThat(present.owned()).isFalse();
              assertThat(present.resourceVersion())
                  .isEqualTo(stored().getMetadata().getResourceVersion());
            });
    var observation =
        Situation.applied().namesSecret("env-1").seen().withTransientSecret(seen).toString();
    assertThat(observation).doesNotContain(CANARY).doesNotContain(base64(CANARY));
    assertThat(seen.toString()).doesNotContain(CANARY).doesNotContain(base64(CANARY));
  }

  @Test
  void absentIsAbsentAndEmptyIsEmpty() {
    assertThat(look()).isEqualTo(new TransientSecret.Absent("env-1"));

    given(secret -> secret);

    assertThat(look())
        .isInstanceOfSatisfying(
            TransientSecret.Present.class, present -> assertThat(present.names()).isEmpty());
  }

  @Test
  void ourOwnIsStillUsable() {
    given(secret -> ownedBy(secret, SERVICE.getMetadata().getUid()).withImmutable(true));
    assertThat(look())
        .isInstanceOfSatisfying(
            TransientSecret.Present.class, present -> assertThat(present.owned()).isTrue());
  }

  /** Owned, but the patch that also makes it immutable never arrived. */
  @Test
  void ourOwnThatCanStillChangeIsNotOwnedEnough() {
    given(secret -> ownedBy(secret, SERVICE.getMetadata().getUid()));
    assertThat(look())
        .isInstanceOfSatisfying(
            TransientSecret.Present.class, present -> assertThat(present.owned()).isFalse());
  }

  static Stream<UnaryOperator<SecretBuilder>> unusable() {
    return Stream.of(
        secret -> secret.withType("Opaque"),
        secret -> secret.withType(null),
        secret -> ownedBy(secret, "somebody-else"));
  }

  /** Its values would be there after it was deleted. */
  @Test
  void aFinalizerIsInvalid() {
    given(secret -> secret.editMetadata().addToFinalizers("example.com/audit").endMetadata());

    assertThat(look()).isEqualTo(new TransientSecret.Invalid("env-1"));
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void anotherTypeOrOwnerIsInvalid(UnaryOperator<SecretBuilder> change) {
    given(change);

    assertThat(look()).isEqualTo(new TransientSecret.Invalid("env-1"));
  }

  @ParameterizedTest
  @CsvSource({
    "TOKEN, true",
    "_token.x-1, true",
    ".hidden, true",
    "1TOKEN, false",
    "TO KEN, false",
    "TÖKEN, false",
    "..x, false",
  })
  void names(String name, boolean usable) {
    given(secret -> secret.addToData(name, base64("x")));

    assertThat(unusableNames()).isEqualTo(usable ? List.of() : List.of(name));
  }

  @Test
  void nulBytesAreRefused() {
    given(secret -> secret.addToData("A", base64("x\0y")).addToData("B", base64("")));

    assertThat(unusableNames()).containsExactly("A");
  }

  /** A container runtime takes nothing else: a key in DER, say, belongs into a volume. */
  @Test
  void whatIsNotUtf8IsRefused() {
    var latin1 = Base64.getEncoder().encodeToString(new byte[] {'k', (byte) 0xe9});
    given(secret -> secret.addToData("A", latin1).addToData("B", base64("\u00e9")));

    assertThat(unusableNames()).containsExactly("A");
  }

  /** Linux takes 131072 bytes: the name, the sign, the value and a NUL. */
  @Test
  void entriesFrom128KiBAreRefused() {
    given(
        secret ->
            secret
                .addToData("FITS", base64("x".repeat(131072 - "FITS=".length() - 1)))
                .addToData("LARGE", base64("x".repeat(131072 - "LARGE=".length()))));

    assertThat(unusableNames()).containsExactly("LARGE");
  }

  @Test
  void lastingSecretsAreSeenByTheirKeysOnly() {
    given(secret -> secret.withType("Opaque").addToData("TOKEN", base64(CANARY)));

    assertThat(secrets.keys(SERVICE, "env-1", (_, _) -> true))
        .hasValueSatisfying(keys -> assertThat(keys).containsOnly(entry("TOKEN", true)));
    assertThat(secrets.keys(SERVICE, "other", (_, _) -> true)).isEmpty();
  }

  // ---- own

  @Test
  void ownMakesItImmutableAndOurs() {
    given(secret -> secret.addToData("TOKEN", base64(CANARY)));
    var seen = stored().getMetadata().getResourceVersion();

    secrets.own(SERVICE, "env-1", seen);

    assertThat(stored().getImmutable()).isTrue();
    assertThat(stored().getData()).containsEntry("TOKEN", base64(CANARY));
    assertThat(stored().getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getUid()).isEqualTo(SERVICE.getMetadata().getUid());
              assertThat(owner.getKind()).isEqualTo("AgentService");
            });
    var patch = requests("PATCH").getFirst();
    assertThat(patch.bodyString())
        .as("the resourceVersion is a precondition, and no value travels back")
        .contains("\"resourceVersion\":\"%s\"".formatted(seen))
        .doesNotContain(CANARY)
        .doesNotContain(base64(CANARY));
  }

  // ---- forget

  @Test
  void forgetDeletesByUid() {
    given(secret -> ownedBy(secret, SERVICE.getMetadata().getUid()));
    var uid = stored().getMetadata().getUid();

    secrets.forget(SERVICE, "env-1");

    assertThat(stored()).isNull();
    assertThat(requests("DELETE"))
        .singleElement()
        .satisfies(
            delete -> assertThat(delete.bodyString()).contains("preconditions").contains(uid));
  }

  @Test
  void forgetDeletesOneThatNobodyOwns() {
    given(secret -> secret);

    secrets.forget(SERVICE, "env-1");

    assertThat(stored()).isNull();
  }

  @ParameterizedTest
  @MethodSource("unusable")
  void forgetLeavesWhatIsNotOurs(UnaryOperator<SecretBuilder> change) {
    given(change);

    secrets.forget(SERVICE, "env-1");

    assertThat(stored()).isNotNull();
    assertThat(requests("DELETE")).isEmpty();
  }

  @Test
  void forgetTakesGoneForDone() {
    secrets.forget(SERVICE, "env-1");

    assertThat(requests("DELETE")).isEmpty();
  }

  /** The API server answers 409 where another object has the name by now. */
  @ParameterizedTest
  @ValueSource(ints = {404, 409})
  void forgetLeavesANamesakeMadeMeanwhile(int code) {
    given(secret -> secret);
    answer("delete", code);

    assertThat(catchThrowable(() -> secrets.forget(SERVICE, "env-1"))).isNull();
  }

  // ---- what is thrown

  /** It must not be read, or the key that it was encrypted with is away. */
  @ParameterizedTest
  @ValueSource(ints = {403, 429, 500, 503})
  void oneThatIsNotGivenIsNotReadOn(int code) {
    answer("get", code);

    assertThat(look()).isEqualTo(new TransientSecret.Refused("env-1"));
  }

  @ParameterizedTest
  @CsvSource({
    "get, 429",
    "get, 500",
    "get, 503",
    "patch, 403",
    "patch, 404",
    "patch, 409",
    "patch, 422",
    "delete, 403",
    "delete, 500",
  })
  void anAnswerThatQuotesAValueIsDropped(String verb, int code) {
    if (!verb.equals("get")) {
      given(secret -> secret.addToData("TOKEN", base64(CANARY)));
    }
    answer(verb, code);

    var thrown =
        catchThrowable(
            () -> {
              switch (verb) {
                case "get" -> secrets.read(SERVICE, "env-1", (_, _) -> {});
                case "patch" -> secrets.own(SERVICE, "env-1", "1");
                default -> secrets.forget(SERVICE, "env-1");
              }
            });

    assertThat(thrown).isNotNull().hasMessageContaining("env-1").hasMessageContaining("" + code);
    assertThat(printed(thrown)).doesNotContain(CANARY).doesNotContain(base64(CANARY));
  }

  /** Not JSON at all: what a parser says of it quotes it, too. */
  @Test
  void anAnswerThatCannotBeReadIsDropped() {
    server
        .expect()
        .get()
        .withPath(PATH)
        .andReturn(200, "{\"kind\":\"Secret\",\"data\":{\"TOKEN\":[\"" + CANARY + "\"]}}")
        .always();

    var thrown = catchThrowable(this::look);

    assertThat(thrown).isNotNull();
    assertThat(printed(thrown)).doesNotContain(CANARY);
  }

  /** As an API server never sends it, but what a decoder says of it quotes it. */
  @Test
  void dataThatIsNotBase64IsDropped() {
    given(secret -> secret.addToData("TOKEN", "!" + CANARY));

    var thrown = catchThrowable(this::look);

    assertThat(thrown == null ? "" : printed(thrown)).doesNotContain(CANARY);
  }

  // ----

  private TransientSecret look() {
    return secrets.look(SERVICE, "env-1");
  }

  private List<String> unusableNames() {
    return List.copyOf(((TransientSecret.Present) look()).unusable());
  }

  private void given(UnaryOperator<SecretBuilder> change) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace("tenant")
            .withName("env-1")
            .endMetadata()
            .withType(Names.TRANSIENT_ENV_SECRET_TYPE);
    client.resource(change.apply(secret).build()).create();
  }

  private static SecretBuilder ownedBy(SecretBuilder secret, String uid) {
    return secret
        .editMetadata()
        .addNewOwnerReference()
        .withApiVersion("agentservice.dev/v1alpha1")
        .withKind("AgentService")
        .withName("shop")
        .withUid(uid)
        .endOwnerReference()
        .endMetadata();
  }

  private Secret stored() {
    return client.secrets().inNamespace("tenant").withName("env-1").get();
  }

  /** The API server answers as an admission webhook may make it: quoting what it was asked. */
  private void answer(String verb, int code) {
    var status =
        new StatusBuilder()
            .withCode(code)
            .withReason(CANARY)
            .withMessage("denied: " + CANARY + " " + base64(CANARY))
            .build();
    var expect = server.expect();
    switch (verb) {
      case "get" -> expect.get().withPath(PATH).andReturn(code, status).always();
      case "patch" -> expect.patch().withPath(PATH).andReturn(code, status).always();
      default -> expect.delete().withPath(PATH).andReturn(code, status).always();
    }
  }

  private List<HttpRequest> requests(String method) {
    return requests.stream().filter(request -> request.method().equals(method)).toList();
  }

  private static String printed(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static String base64(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }
}
