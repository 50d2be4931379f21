package dev.agentservice.operator.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.operator.launcher.LauncherWord.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherWordTest {

  private static final Nonce NONCE = Nonce.of("uid", 1);
  private static final String OTHER = Nonce.of("uid", 2).text();

  @Test
  void allOfItIsRead() {
    assertThat(word(NONCE.text(), "{'event':'started','processId':12}"))
        .isEqualTo(new LauncherWord(Event.STARTED, 12L, null, 0, null));
    assertThat(word(NONCE.text(), "{'event':'serving','processId':12}"))
        .isEqualTo(new LauncherWord(Event.SERVING, 12L, null, 0, null));
    assertThat(word(NONCE.text(), "{'event':'exited','code':1,'restarts':3}"))
        .isEqualTo(new LauncherWord(Event.EXITED, null, null, 3, 1));
    assertThat(
            word(
                NONCE.text(),
                "{'event':'status','processId':null,'serving':false,'restarts':2,'lastExitCode':137}"))
        .isEqualTo(new LauncherWord(Event.STATUS, null, false, 2, 137));
  }

  @ParameterizedTest
  @CsvSource({
    "started, ALREADY_STARTED",
    "command-not-found, REFUSED",
    "a word of a later launcher, REFUSED"
  })
  void aRefusalSaysWhetherAnAgentRuns(String reason, Event event) {
    assertThat(word(NONCE.text(), "{'event':'refused','reason':'%s'}".formatted(reason)).event())
        .isEqualTo(event);
  }

  @Test
  void whatHasNoNonceOfOursIsTheAgents() {
    assertThat(word(OTHER, "{'event':'started','processId':12}")).isNull();
    assertThat(word("-", "{'event':'started','processId':12}")).isNull();
    assertThat(word("-", "{'event':'refused','reason':'message-malformed'}").event())
        .isEqualTo(Event.REFUSED);
    assertThat(word(OTHER, "{'event':'refused','reason':'started'}").event())
        .isEqualTo(Event.ALREADY_STARTED);
    assertThat(LauncherWord.in("{\"event\":\"started\"}", NONCE)).isEmpty();
  }

  @Test
  void onlyRefusalsCountWithWhicheverNonce() {
    for (var event : Event.values()) {
      assertThat(new LauncherWord(event, 1L, true, 0, null).isRefusal())
          .as(event.name())
          .isEqualTo(event == Event.REFUSED || event == Event.ALREADY_STARTED);
    }
  }

  @Test
  void theAgentMayHaveBegunTheLine() {
    assertThat(
            LauncherWord.in(
                "progress: 40%%%s %s {\"event\":\"serving\",\"processId\":7}"
                    .formatted(LauncherRequest.PROTOCOL, NONCE.text()),
                NONCE))
        .get()
        .extracting(LauncherWord::processId)
        .isEqualTo(7L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{", "[]", "{'event':7}", "{'event':'unheard-of'}", "{'processId':1}", "null"})
  void whatIsNoWordIsNoWord(String json) {
    assertThat(word(NONCE.text(), json)).isNull();
  }

  private static LauncherWord word(String nonce, String json) {
    return LauncherWord.in(
            "%s %s %s".formatted(LauncherRequest.PROTOCOL, nonce, json.replace('\'', '"')), NONCE)
        .orElse(null);
  }
}
