package dev.agentservice.api.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentservice.api.problem.Problem;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "abc, abc",
        "'  abc ', abc",
        "\"abc\", abc",
        "8e03978e-40d5-43dd-bc93-6894a57f9324, 8e03978e-40d5-43dd-bc93-6894a57f9324",
        "'\"a\\\"b\\\\c\"', 'a\"b\\c'",
        // not a quoted string as a whole: taken as it is
        "'\"abc', '\"abc'",
        "'a\"b', 'a\"b'",
      })
  void isReadBareOrQuoted(String header, String key) {
    assertThat(IdempotencyKey.required(List.of(header)).text()).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\"\"", "a b", "\"a b\"", "a\tb", "ü", "a\u0000"})
  void otherwiseRefused(String header) {
    assertThatThrownBy(() -> IdempotencyKey.required(List.of(header))).isInstanceOf(Problem.class);
  }
}
