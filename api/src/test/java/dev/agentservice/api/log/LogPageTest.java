package dev.agentservice.api.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentservice.api.problem.Problem;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogPageTest {

  /** Three of them within one nanosecond, as fast writers manage. */
  private static final List<LogLine> LOG =
      Stream.of("1 a", "2 b", "2 c", "2 d", "3 e", "4 f")
          .map(text -> "2026-01-01T00:00:00.00000000" + text.replaceFirst(" ", "Z "))
          .map(line -> LogLine.parse(line, LogLine.NO_TIME))
          .toList();

  @Test
  void pagesOfAnySizeGiveEachLineOnce() {
    for (var size = 1; size <= 7; size++) {
      var messages = new ArrayList<String>();
      var place = LogPosition.start("pod");
      LogPage page;
      do {
        page = LogPage.of(LOG.iterator(), place, 0, size);
        assertThat(page.first()).isEqualTo(messages.size());
        page.lines().forEach(line -> messages.add(line.message()));
        place = LogPosition.parse(page.end().cursor());
      } while (page.hasMore());

      assertThat(messages).as("pages of " + size).containsExactly("a", "b", "c", "d", "e", "f");
    }
  }

  @Test
  void goesOnWhereOldLinesWereThrownAway() {
    var place = LogPage.of(LOG.iterator(), LogPosition.start("pod"), 0, 3).end();

    var rest = LogPage.of(LOG.subList(1, 6).iterator(), place, 0, 10);

    assertThat(rest.lines()).extracting(LogLine::message).containsExactly("d", "e", "f");
  }

  @Test
  void skips() {
    var page = LogPage.of(LOG.iterator(), LogPosition.start("pod"), 4, 10);

    assertThat(page.first()).isEqualTo(4);
    assertThat(page.lines()).extracting(LogLine::message).containsExactly("e", "f");
    assertThat(page.hasMore()).isFalse();
    assertThat(LogPage.of(LOG.iterator(), LogPosition.start("pod"), 9, 10).lines()).isEmpty();
  }

  @Test
  void aLineIsTheSameEventWhereverItIsReadFrom() {
    var whole = LogPage.of(LOG.iterator(), LogPosition.start("pod"), 0, 10);
    var later = LogPage.of(LOG.iterator(), whole.positions().get(2), 0, 10);

    assertThat(later.positions()).isEqualTo(whole.positions().subList(3, 6));
  }

  @Test
  void timesOfANodeElsewhereAreUtc() {
    var line = LogLine.parse("2026-01-01T02:00:00.5+02:00 said", LogLine.NO_TIME);
    assertThat(line)
        .isEqualTo(
            new LogLine(
                "2026-01-01T00:00:00.500000000Z", "2026-01-01T00:00:00.500000000Z", "said"));
    // what the node says itself has no time
    assertThat(LogLine.parse("unable to retrieve", line.time()))
        .isEqualTo(new LogLine(line.time(), line.time(), "unable to retrieve"));
  }

  @Test
  void aPageIsNotLongerThanWhatFitsInMemory() {
    var line = LogLine.parse("2026-01-01T00:00:00.000000000Z " + "x".repeat(100_000), "");
    var page =
        LogPage.of(List.of(line, line, line, line).iterator(), LogPosition.start("pod"), 0, 10);

    assertThat(page.lines()).hasSize(2);
    assertThat(page.hasMore()).isTrue();
    // what JSON has no character for takes six
    var bell = LogLine.parse("2026-01-01T00:00:00.000000000Z " + "\u0007".repeat(30_000), "");
    assertThat(LogPage.of(List.of(bell, bell).iterator(), LogPosition.start("pod"), 0, 10).lines())
        .hasSize(1);
  }

  @Test
  void theLastLinesAreTheNewest() {
    assertThat(LogPage.last(LOG.iterator(), LogPosition.start("pod"), 2).lines())
        .extracting(LogLine::message)
        .containsExactly("e", "f");

    var large =
        Stream.of("a", "b", "c")
            .map(text -> LogLine.parse("2026-01-01T00:00:00Z " + text.repeat(100_000), ""))
            .toList();
    assertThat(LogPage.last(large.iterator(), LogPosition.start("pod"), 3).lines())
        .extracting(line -> line.message().charAt(0))
        .containsExactly('b', 'c');
  }

  @Test
  void aClockThatWentBackLosesNoLine() {
    var text =
        """
        2026-01-01T00:00:02Z A
        2026-01-01T00:00:01Z B
        2026-01-01T00:00:03Z C
        """;
    var messages = new ArrayList<String>();
    var times = new ArrayList<String>();
    var place = LogPosition.start("pod");
    LogPage page;
    do {
      try (var lines = new LogLines(List.of(() -> Optional.of(new StringReader(text))))) {
        page = LogPage.of(lines, place, 0, 1);
      }
      page.lines().forEach(line -> messages.add(line.message()));
      page.lines().forEach(line -> times.add(line.time()));
      place = page.end();
    } while (page.hasMore());

    assertThat(messages).containsExactly("A", "B", "C");
    assertThat(times.get(1)).isEqualTo("2026-01-01T00:00:01.000000000Z");
  }

  @Test
  void aLineThatIsCutEndsWithAWholeCharacter() {
    var text = "2026-01-01T00:00:00Z " + "\uD83D\uDE00".repeat(40_000);
    for (var shift : List.of("", " ")) {
      try (var lines = new LogLines(List.of(() -> Optional.of(new StringReader(shift + text))))) {
        assertThat(lines.hasNext()).isTrue();
        var message = lines.next().message();
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(message)).isTrue();
      }
    }
  }

  @Test
  void aCursorThatNamesNoTimeIsNone() {
    var cursor = new LogPosition("pod", 1, "2026-99-01T00:00:00.000000000Z", 1).cursor();

    assertThatThrownBy(() -> LogPosition.parse(cursor)).isInstanceOf(Problem.class);
  }
}
