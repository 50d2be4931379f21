package dev.agentservice.api.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
    assertThat(line).isEqualTo(new LogLine("2026-01-01T00:00:00.500000000Z", "said"));
    // what the node says itself has no time
    assertThat(LogLine.parse("unable to retrieve", line.time()))
        .isEqualTo(new LogLine(line.time(), "unable to retrieve"));
  }

  @Test
  void aPageIsNotLongerThanWhatFitsInMemory() {
    var line = new LogLine("2026-01-01T00:00:00.000000000Z", "x".repeat(600_000));
    var page = LogPage.of(List.of(line, line, line).iterator(), LogPosition.start("pod"), 0, 10);

    assertThat(page.lines()).hasSize(2);
    assertThat(page.hasMore()).isTrue();
  }
}
