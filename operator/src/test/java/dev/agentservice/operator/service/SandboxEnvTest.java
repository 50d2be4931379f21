package dev.agentservice.operator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.v1alpha1.EnvFrom;
import dev.agentservice.v1alpha1.EnvFromBuilder;
import dev.agentservice.v1alpha1.EnvValue;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Precedence: template, then envFrom in its order, then the transient Secret. */
class SandboxEnvTest {

  private static final LastingSource ONE = whole("one", "A", "B");
  private static final LastingSource TWO = whole("two", "B", "C");
  private static final LastingSource KEY = single("keys", "B", null);
  private static final LastingSource AS = single("keys", "x", "B");
  private static final TransientSecret NO_SECRET = new TransientSecret.None();
  private static final TransientSecret SECRET = secret("B");

  /** What the process gets: each name with where its value comes from. */
  static Stream<Arguments> sources() {
    return Stream.of(
        arguments(List.of(), List.of(), NO_SECRET, ""),
        arguments(List.of("A"), List.of(), NO_SECRET, "A=template"),
        arguments(List.of("A"), List.of(ONE), NO_SECRET, "A=one B=one"),
        arguments(List.of("C"), List.of(ONE), NO_SECRET, "A=one B=one C=template"),
        arguments(List.of("B"), List.of(KEY), NO_SECRET, "B=keys"),
        arguments(List.of("B"), List.of(), SECRET, "B=transient"),
        arguments(List.of(), List.of(ONE, TWO), NO_SECRET, "A=one B=two C=two"),
        arguments(List.of(), List.of(TWO, ONE), NO_SECRET, "A=one B=one C=two"),
        arguments(List.of(), List.of(ONE, KEY), NO_SECRET, "A=one B=keys"),
        arguments(List.of(), List.of(KEY, ONE), NO_SECRET, "A=one B=one"),
        arguments(List.of(), List.of(AS, single("other", "B", null)), NO_SECRET, "B=other"),
        arguments(List.of(), List.of(AS), NO_SECRET, "B=keys"),
        arguments(List.of(), List.of(ONE), SECRET, "A=one B=transient"),
        arguments(List.of(), List.of(KEY), SECRET, "B=transient"),
        arguments(List.of("B"), List.of(ONE, KEY), SECRET, "A=one B=transient"));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void whoWins(
      List<String> template, List<LastingSource> lasting, TransientSecret secret, String expected) {
    var env =
        SandboxEnv.of(
            Situation.TEMPLATE.withEnv(
                template.stream().map(name -> new EnvValue(name, "template")).toList()),
            lasting,
            secret);

    assertThat(asAContainerWouldSee(env)).isEqualTo(expected);
  }

  @Test
  void nothingIsOptional() {
    var env = SandboxEnv.of(Situation.TEMPLATE, List.of(ONE, single("keys", "k", null)), SECRET);

    assertThat(env.envFrom()).hasSize(2);
    assertThat(env.envFrom().getFirst().getConfigMapRef().getOptional()).isNull();
    assertThat(env.envFrom().getLast().getSecretRef().getOptional()).isNull();
    assertThat(env.env().getFirst().getValueFrom().getSecretKeyRef().getOptional()).isNull();
  }

  @Test
  void everyKindOfSourceIsReferenced() {
    var env =
        SandboxEnv.of(
            Situation.TEMPLATE,
            List.of(
                source(b -> b.secretRef(new EnvFrom.WholeRef("s")), "A"),
                source(b -> b.configMapRef(new EnvFrom.WholeRef("c")), "B"),
                source(b -> b.secretKeyRef(new EnvFrom.KeyRef("sk", "k")).as("C"), "C"),
                source(b -> b.configMapKeyRef(new EnvFrom.KeyRef("ck", "D")), "D")),
            NO_SECRET);

    assertThat(env.envFrom().getFirst().getSecretRef().getName()).isEqualTo("s");
    assertThat(env.envFrom().getLast().getConfigMapRef().getName()).isEqualTo("c");
    assertThat(env.env()).extracting(EnvVar::getName).containsExactly("C", "D");
    var secretKey = env.env().getFirst().getValueFrom().getSecretKeyRef();
    assertThat(secretKey.getName() + "/" + secretKey.getKey()).isEqualTo("sk/k");
    var mapKey = env.env().getLast().getValueFrom().getConfigMapKeyRef();
    assertThat(mapKey.getName() + "/" + mapKey.getKey()).isEqualTo("ck/D");
  }

  /** Kubernetes' own rule: envFrom in its order, then env over it, each later one winning. */
  private static String asAContainerWouldSee(SandboxEnv env) {
    var names = Map.of("one", Set.of("A", "B"), "two", Set.of("B", "C"), "transient", Set.of("B"));
    var seen = new LinkedHashMap<String, String>();
    for (var source : env.envFrom()) {
      var name =
          source.getSecretRef() != null
              ? source.getSecretRef().getName()
              : source.getConfigMapRef().getName();
      names.get(name).forEach(key -> seen.put(key, name));
    }
    for (var variable : env.env()) {
      seen.put(
          variable.getName(),
          variable.getValue() != null
              ? variable.getValue()
              : variable.getValueFrom().getSecretKeyRef().getName());
    }
    return String.join(
        " ", seen.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).sorted().toList());
  }

  private static LastingSource whole(String name, String... names) {
    return source(builder -> builder.configMapRef(new EnvFrom.WholeRef(name)), names);
  }

  private static LastingSource single(String name, String key, String as) {
    return source(
        builder -> builder.secretKeyRef(new EnvFrom.KeyRef(name, key)).as(as),
        as == null ? key : as);
  }

  private static LastingSource source(UnaryOperator<EnvFromBuilder> fill, String... names) {
    return LastingSource.of(fill.apply(EnvFromBuilder.builder()).build(), Set.of(names));
  }

  private static TransientSecret secret(String... names) {
    return new TransientSecret.Present("transient", "uid", "1", Set.of(names), Set.of(), true);
  }
}
