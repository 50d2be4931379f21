package dev.agentservice.api.edge;

import static dev.agentservice.api.edge.Visit.KEY;
import static dev.agentservice.api.edge.Visit.KEY_ID;
import static dev.agentservice.api.edge.Visit.NOW;
import static dev.agentservice.api.edge.Visit.SHOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentservice.api.edge.Claims.Use;
import dev.agentservice.api.edge.EdgeToken.Reading;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeTokenTest {

  private static final Claims CLAIMS = Claims.of(SHOP, Use.LINK, NOW.plusSeconds(900));
  private static final String TOKEN = EdgeToken.sign(CLAIMS, KEY_ID, KEY);

  @Test
  void saysWhatWasSigned() {
    assertThat(read(TOKEN)).isEqualTo(new Reading.Valid(CLAIMS));
  }

  /** Every character replaced by every other one that has a place in a URL. */
  @Test
  void noCharacterCanBeAnother() {
    for (var at = 0; at < TOKEN.length(); at++) {
      for (var other = '!'; other <= '~'; other++) {
        if (TOKEN.charAt(at) != other) {
          var tampered = TOKEN.substring(0, at) + other + TOKEN.substring(at + 1);
          assertThat(read(tampered)).as(tampered).isInstanceOf(Reading.Refused.class);
        }
      }
    }
  }

  @Test
  void noCharacterCanBeLeftOutOrAdded() {
    for (var at = 0; at < TOKEN.length(); at++) {
      assertThat(read(TOKEN.substring(0, at) + TOKEN.substring(at + 1)))
          .isInstanceOf(Reading.Refused.class);
      assertThat(read(TOKEN.substring(0, at) + "A" + TOKEN.substring(at)))
          .isInstanceOf(Reading.Refused.class);
    }
    assertThat(read(TOKEN + "=")).isInstanceOf(Reading.Refused.class);
    assertThat(read(TOKEN + "\n")).isInstanceOf(Reading.Refused.class);
  }

  @Test
  void aSignatureOfAnotherKeyIdIsNone() {
    var other = EdgeToken.sign(CLAIMS, "other", KEY);

    assertThat(read(other.replace(".other.", "." + KEY_ID + ".")))
        .isEqualTo(new Reading.Refused(EdgeReason.BAD_SIGNATURE));
  }

  /** Key ids are keys of a Secret: dots are allowed there. */
  @Test
  void aKeyIdMayHaveDots() {
    var token = EdgeToken.sign(CLAIMS, "2026.01.01", KEY);

    assertThat(
            EdgeToken.read(token, id -> Optional.of(KEY).filter(_ -> id.equals("2026.01.01")), NOW))
        .isEqualTo(new Reading.Valid(CLAIMS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "...", "1...", "1.a.b", "2.a.b.c", "1.a.b.c.d.é", "1.a b.c.d"})
  void whatIsNoTokenIsNone(String text) {
    assertThat(read(text)).isInstanceOf(Reading.Refused.class);
  }

  @Test
  void aTokenFitsIntoACookie() {
    var longest =
        Visit.service("n".repeat(63), "s".repeat(54), "7a1c3b1e-0000-4000-8000-000000000001");

    assertThat(Visit.token(longest, Use.SESSION)).hasSizeLessThan(1024);
  }

  private static Reading read(String token) {
    return EdgeToken.read(token, id -> Optional.of(KEY).filter(_ -> id.equals(KEY_ID)), NOW);
  }
}
