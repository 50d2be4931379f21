package dev.agentservice.api.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreshSecretTest {

  @Test
  void knowsItsOwn() {
    var name = FreshSecret.of("payments").name();

    assertThat(FreshSecret.isOne("payments", name)).isTrue();
    assertThat(FreshSecret.isOne("paymentx", name)).isFalse();
    assertThat(FreshSecret.of("payments").name()).isNotEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "payments-credential",
        "payments-credentialcredential",
        "payments-aaaaaaaaaabbbbbbbbbb",
        "payments-",
        "p"
      })
  void knowsWhatPeopleName(String name) {
    assertThat(FreshSecret.isOne("payments", name)).isFalse();
  }
}
