package dev.agentservice.operator.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LauncherRequestTest {

  private static final Nonce NONCE = Nonce.of("uid", 1);

  @Test
  void aStartIsItsLengthAndItsEnv() {
    var env = new Env();
    env.put("B", "weak");
    env.put("A", "ä \"quoted\"\n");
    env.put("B", "strong");

    var text = new String(LauncherRequest.start(NONCE, env).bytes(), StandardCharsets.UTF_8);

    var json =
        "{\"nonce\":\"%s\",\"env\":{\"A\":\"ä \\\"quoted\\\"\\n\",\"B\":\"strong\"}}"
            .formatted(NONCE.text());
    var length = json.getBytes(StandardCharsets.UTF_8).length;
    assertThat(text).isEqualTo("agentservice-launcher/1 start " + length + "\n" + json);
  }

  @Test
  void aQuestionIsALine() {
    assertThat(new String(LauncherRequest.status(NONCE).bytes(), StandardCharsets.UTF_8))
        .isEqualTo("agentservice-launcher/1 status " + NONCE.text() + "\n");
  }

  @Test
  void neitherEnvNorRequestPrintsAValue() {
    var env = new Env();
    env.put("TOKEN", "canary-a41f");

    assertThat(env.toString()).contains("TOKEN").doesNotContain("canary");
    assertThat(LauncherRequest.start(NONCE, env).toString()).doesNotContain("canary");
  }

  @Test
  void aNonceIsTheSameForEveryOperatorAndAnotherForEachAttempt() {
    assertThat(Nonce.of("uid", 1)).isEqualTo(NONCE);
    assertThat(NONCE.text()).matches("[0-9a-f]{32}");
    assertThat(Nonce.of("uid", 2)).isNotEqualTo(NONCE);
    assertThat(Nonce.of("other", 1)).isNotEqualTo(NONCE);
  }
}
