package dev.agentservice.api.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.api.auth.Caller;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What carries values cannot print them, and tells payloads apart without keeping them. */
class EnvValuesTest {

  private static final byte[] KEY = new byte[32];
  private static final Caller CALLER =
      new Caller("ns", "system:serviceaccount:ns:a", "u", List.of(), Map.of());

  @Test
  void printsNamesOnly() {
    var request =
        CreateRequest.parse("{\"envs\": {\"TOKEN\": \"canary\"}}".getBytes(StandardCharsets.UTF_8));

    assertThat(request.toString()).contains("TOKEN").doesNotContain("canary");
    assertThat(new RestartRequest("why", request.envs()).toString()).doesNotContain("canary");
  }

  @Test
  void eachDifferenceIsAnotherFingerprint() {
    var other = new Caller("ns", "system:serviceaccount:ns:b", "u", List.of(), Map.of());
    assertThat(
            Stream.of(
                fingerprint("create", CALLER, null, Map.of()),
                fingerprint("restart", CALLER, null, Map.of()),
                fingerprint("create", other, null, Map.of()),
                fingerprint("create", CALLER, "", Map.of()),
                fingerprint("create", CALLER, "v", Map.of()),
                fingerprint("create", CALLER, null, Map.of("A", "")),
                fingerprint("create", CALLER, null, Map.of("A", "BC")),
                fingerprint("create", CALLER, null, Map.of("AB", "C")),
                fingerprint("create", CALLER, null, Map.of("A", "B", "C", "D")),
                fingerprint("create", CALLER, null, Map.of("A", "BCD"))))
        .doesNotHaveDuplicates();
    assertThat(fingerprint("create", CALLER, null, Map.of("A", "1", "B", "2")))
        .isEqualTo(fingerprint("create", CALLER, null, Map.of("B", "2", "A", "1")));
  }

  private static String fingerprint(
      String operation, Caller caller, String version, Map<String, String> envs) {
    return Fingerprint.of("k1", KEY, operation, caller, version, EnvValues.of(envs)).text();
  }
}
