package dev.agentservice.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.v1alpha1.AdditionalEnv;
import dev.agentservice.v1alpha1.EnvPolicy;
import dev.agentservice.v1alpha1.EnvSpec;
import dev.agentservice.v1alpha1.EnvValue;
import dev.agentservice.v1alpha1.TemplateBuilder;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvPolicyTest {

  /** Columns: envSpec as required / optional / additional ("none": no envSpec at all). */
  @ParameterizedTest(name = "{0} | sets {1} | brought {2}")
  @CsvSource({
    // without envSpec anything may come, but not what the recipe sets itself
    "none          , ''   , ''   , ''",
    "none          , ''   , A B  , ''",
    "none          , A    , A B  , NOT_ALLOWED A",
    // with envSpec only what it lists
    "/ / -         , ''   , ''   , ''",
    "/ / -         , ''   , A    , NOT_ALLOWED A",
    "/ / Deny      , ''   , B A  , NOT_ALLOWED A B",
    "/ A / -       , ''   , ''   , ''",
    "/ A / -       , ''   , A    , ''",
    "/ A / -       , ''   , A B  , NOT_ALLOWED B",
    // required
    "A / / -       , ''   , A    , ''",
    "A B / / -     , ''   , ''   , MISSING A B",
    "A B / C / -   , ''   , B C  , MISSING A",
    "A / / -       , ''   , B    , NOT_ALLOWED B",
    "A / / -       , A    , ''   , MISSING A",
    // additional: Allow
    "/ / Allow     , ''   , A B  , ''",
    "A / / Allow   , ''   , A B  , ''",
    "A / / Allow   , ''   , B    , MISSING A",
    // what the recipe sets itself only where envSpec lists it
    "/ / Allow     , A    , A    , NOT_ALLOWED A",
    "/ A / -       , A    , A    , ''",
    "/ A / -       , A    , ''   , ''",
    "A / / -       , A    , A    , ''",
    // names are exact
    "/ token / -   , ''   , TOKEN, NOT_ALLOWED TOKEN",
  })
  void refusal(String envSpec, String sets, String brought, String expected) {
    var template =
        TemplateBuilder.builder()
            .envSpec(envSpec(envSpec))
            .env(words(sets).stream().map(name -> new EnvValue(name, "plain")).toList())
            .build();

    var refusal = EnvPolicy.refusal(template, new TreeSet<>(words(brought)));

    assertThat(refusal.map(r -> r.fault() + " " + String.join(" ", r.names())).orElse(""))
        .isEqualTo(expected);
  }

  private static EnvSpec envSpec(String text) {
    if (text.equals("none")) {
      return null;
    }
    var parts = text.split("/", -1);
    var additional =
        switch (parts[2].strip()) {
          case "Allow" -> AdditionalEnv.ALLOW;
          case "Deny" -> AdditionalEnv.DENY;
          default -> null;
        };
    return new EnvSpec(orNull(words(parts[0])), orNull(words(parts[1])), additional);
  }

  private static List<String> orNull(List<String> words) {
    return words.isEmpty() ? null : words;
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" +", -1));
  }
}
