package dev.agentservice.operator.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeNameTest {

  /** As the operator reads objects from the API server. */
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  /**
   * A recipe and its name, frozen: a changed name cuts a new version of every deployment in the
   * world at the next upgrade. Add vectors; to change one is a breaking change.
   */
  record Golden(String what, Object template, String hash, String canonical) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Golden> golden() {
    try (var resource = RecipeNameTest.class.getResourceAsStream("/golden-recipes.json")) {
      return SERIALIZATION.unmarshal(resource, new TypeReference<List<Golden>>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void namesNeverChange(Golden golden) {
    var template = SERIALIZATION.convertValue(golden.template, Template.class);

    if (golden.canonical != null) {
      assertThat(new String(RecipeName.canonicalJson(template), StandardCharsets.UTF_8))
          .isEqualTo(golden.canonical);
    }
    assertThat(RecipeName.of("echo", template)).isEqualTo("echo-" + golden.hash);
  }

  @Test
  void goldenNamesDiffer() {
    assertThat(golden()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(golden()).extracting(Golden::hash).doesNotHaveDuplicates();
  }

  @Test
  void aNameIsALabelOfEightyBits() {
    var name = RecipeName.of("d".repeat(45), template("image: a, port: 1"));

    assertThat(name).hasSizeLessThanOrEqualTo(63).matches("d{45}-[a-z2-7]{16}");
  }

  /** Each pair within {image: a, port: 1, ...}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // the order of keys
        "readiness: {http: {path: /}, periodSeconds: 9} | readiness: {periodSeconds: 9, http: {path: /}}",
        // nulls and empties
        "args: null                      | ''",
        "args: []                        | ''",
        "env: []                         | ''",
        "workingDir: null                | ''",
        "workingDir: ''                  | ''",
        "resources: {}                   | ''",
        "resources: {limits: {}}         | ''",
        "podOverrides: {}                | ''",
        "podOverrides: {labels: {}}      | ''",
        "podOverrides: {tolerations: []} | ''",
        "podOverrides: {nodeSelector: null} | ''",
        "podOverrides: {securityContext: {}} | ''",
        "envSpec: {required: []}         | envSpec: {}",
        "env: [{name: A, value: ''}]     | env: [{name: A}]",
        // defaults
        "startTimeoutSeconds: 120        | ''",
        "stopGraceSeconds: 30            | ''",
        "restartPolicy: Always           | ''",
        "supervision: Auto               | ''",
        "envSpec: {additional: Deny}     | envSpec: {}",
        "readiness: {tcp: {}, periodSeconds: 1, failureThreshold: 10} | readiness: {tcp: {}}",
        "podOverrides: {securityContext: {runAsNonRoot: true}} | ''",
        "podOverrides: {securityContext: {seccompProfile: {type: RuntimeDefault}}} | ''",
        "podOverrides: {containerSecurityContext: {privileged: false, allowPrivilegeEscalation: false}} | ''",
        "podOverrides: {containerSecurityContext: {readOnlyRootFilesystem: false}} | ''",
        // quantities
        "resources: {limits: {cpu: 1000m}}  | resources: {limits: {cpu: 1}}",
        "resources: {limits: {cpu: '1.0'}}  | resources: {limits: {cpu: 1}}",
        "resources: {limits: {cpu: 0.5}}    | resources: {limits: {cpu: 500m}}",
        "resources: {limits: {memory: 1Gi}} | resources: {limits: {memory: 1024Mi}}",
        "resources: {limits: {memory: 1Gi}} | resources: {limits: {memory: 1073741824}}",
        "resources: {limits: {memory: 1G}}  | resources: {limits: {memory: 1e9}}",
        "resources: {limits: {memory: 100}} | resources: {limits: {memory: 1e2}}",
        "resources: {requests: {cpu: 0}}    | resources: {requests: {cpu: '0.00'}}",
        "podOverrides: {volumes: [{name: v, emptyDir: {sizeLimit: 1Gi}}]} | podOverrides: {volumes: [{name: v, emptyDir: {sizeLimit: 1024Mi}}]}",
      })
  void theSameMeaningHasTheSameName(String one, String other) {
    assertThat(canonical(one)).isEqualTo(canonical(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "envSpec: {}                     | ''",
        "envSpec: {}                     | envSpec: {additional: Allow}",
        "envSpec: {required: [A]}        | envSpec: {optional: [A]}",
        "readiness: {tcp: {}}            | ''",
        "readiness: {tcp: {}}            | readiness: {http: {path: /}}",
        "readiness: {tcp: {}, periodSeconds: 1} | readiness: {tcp: {}, periodSeconds: 6}",
        "podOverrides: {nodeSelector: {gpu: ''}} | ''",
        "podOverrides: {labels: {a: ''}} | ''",
        "podOverrides: {volumes: [{name: v, emptyDir: {}}]} | podOverrides: {volumes: [{name: v, configMap: {}}]}",
        "args: ['']                      | ''",
        "args: ['', '']                  | args: ['']",
        "args: [a, b]                    | args: [b, a]",
        "args: [a]                       | command: [a]",
        "args: ['1']                     | args: ['1.0']",
        "env: [{name: A, value: x}, {name: B, value: y}] | env: [{name: B, value: y}, {name: A, value: x}]",
        "env: [{name: A}]                | ''",
        "startTimeoutSeconds: 121        | ''",
        "stopGraceSeconds: 0             | ''",
        "restartPolicy: Never            | ''",
        "supervision: None               | ''",
        "imagePullPolicy: Always         | ''",
        "resources: {limits: {cpu: 0}}   | ''",
        "resources: {limits: {cpu: 1}}   | resources: {requests: {cpu: 1}}",
        "resources: {limits: {memory: 1Gi}} | resources: {limits: {memory: 1G}}",
        "podOverrides: {securityContext: {runAsUser: 1}} | podOverrides: {containerSecurityContext: {runAsUser: 1}}",
        "podOverrides: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: k, labelSelector: {}}]}}} | podOverrides: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: k}]}}}",
      })
  void anotherMeaningHasAnotherName(String one, String other) {
    assertThat(canonical(one)).isNotEqualTo(canonical(other));
  }

  @Test
  void imageAndPortAreThere() {
    assertThat(canonical("")).isEqualTo("{\"image\":\"a\",\"port\":1}");
  }

  /** Every field of a recipe counts: one that was forgotten would let two recipes share a name. */
  @Test
  void allFieldsOfTheLongestRecipeAreInItsJson() {
    var longest =
        golden().stream().filter(golden -> golden.what.contains("everything there is")).findFirst();
    var template = SERIALIZATION.convertValue(longest.orElseThrow().template, Template.class);
    var json = new String(RecipeName.canonicalJson(template), StandardCharsets.UTF_8);

    for (var field : Template.class.getRecordComponents()) {
      assertThat(json).contains("\"" + field.getName() + "\":");
    }
  }

  @Test
  void bytesAreThoseOfUtf8() {
    assertThat(catchThrowable(() -> RecipeName.hash(template("image: ä€😀, port: 1")))).isNull();
    assertThat(
            new String(
                RecipeName.canonicalJson(template("image: ä€😀, port: 1")), StandardCharsets.UTF_8))
        .isEqualTo("{\"image\":\"ä€😀\",\"port\":1}");
  }

  private static String canonical(String more) {
    var fields = more.isEmpty() ? "" : ", " + more;
    return new String(
        RecipeName.canonicalJson(template("image: a, port: 1" + fields)), StandardCharsets.UTF_8);
  }

  private static Template template(String yaml) {
    return SERIALIZATION.unmarshal("---\n{" + yaml + "}", Template.class);
  }
}
