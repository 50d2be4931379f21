package dev.agentservice.operator.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentservice.operator.edge.Protection.Answer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProtectionTest {

  private static final Protection PROVEN = Protection.NOT_ASKED.after(new Answer.Status(401));
  private static final Protection OPEN = Protection.NOT_ASKED.after(new Answer.Status(200));

  static Stream<Arguments> answers() {
    return Stream.of(
        arguments("refused", Protection.NOT_ASKED, new Answer.Status(401), true),
        arguments("let in", Protection.NOT_ASKED, new Answer.Status(200), false),
        arguments("sent elsewhere", Protection.NOT_ASKED, new Answer.Status(302), false),
        arguments("not routed yet", Protection.NOT_ASKED, new Answer.Status(404), false),
        arguments("authorizer away", Protection.NOT_ASKED, new Answer.Status(500), false),
        arguments("no gateway", Protection.NOT_ASKED, new Answer.None(), false),
        arguments("refused again", PROVEN, new Answer.Status(401), true),
        arguments("protection taken away", PROVEN, new Answer.Status(200), false),
        arguments("route taken away", PROVEN, new Answer.Status(404), false),
        arguments("authorizer away for a while", PROVEN, new Answer.Status(503), true),
        arguments("gateway away for a while", PROVEN, new Answer.None(), true),
        arguments("mended", OPEN, new Answer.Status(401), true),
        arguments("open, and away", OPEN, new Answer.None(), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void isProvenByARefusalAlone(String what, Protection before, Answer answer, boolean proven) {
    var after = before.after(answer);

    assertThat(after.proven()).isEqualTo(proven);
    assertThat(after.reason()).matches("[A-Z][A-Za-z]+");
    assertThat(after.message()).endsWith(".");
  }
}
