package dev.agentservice.api.http;

import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A part of a list, newest first.
 *
 * @param nextCursor where the next part begins; null where there is none
 */
public record Page<T>(List<T> items, String nextCursor) {

  /** Newest first; of those made within one second, by name. */
  private static final Comparator<Position> ORDER =
      Comparator.comparing(Position::createdAt)
          .reversed()
          .thenComparing(Position::name, Comparator.naturalOrder());

  private static final Pattern POSITION = Pattern.compile("([-0-9T:Z]{20})/([-a-z0-9.]{1,253})");

  /** Where an object is in the order; it does not move while objects come and go. */
  private record Position(String createdAt, String name) {

    static Position of(HasMetadata object) {
      return new Position(
          object.getMetadata().getCreationTimestamp(), object.getMetadata().getName());
    }

    static Position parse(String cursor) {
      try {
        var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
        var position = POSITION.matcher(text);
        if (position.matches()) {
          return new Position(position.group(1), position.group(2));
        }
      } catch (IllegalArgumentException _) {
        // as below
      }
      throw new Problem(
          ErrorCode.INVALID_PARAMETER, "cursor must be the next_cursor of an earlier answer.");
    }

    String cursor() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((createdAt + "/" + name).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * Takes one part.
   *
   * @param cursor where it begins; null: at the newest
   * @param limit how many at most
   */
  public static <R extends HasMetadata, T> Page<T> of(
      Collection<R> all, String cursor, int limit, Function<R, T> document) {
    var after = cursor == null ? null : Position.parse(cursor);
    var found =
        all.stream()
            .filter(object -> after == null || ORDER.compare(Position.of(object), after) > 0)
            .sorted(Comparator.comparing(Position::of, ORDER))
            .limit(limit + 1L)
            .toList();
    var part = found.subList(0, Math.min(limit, found.size()));
    return new Page<>(
        part.stream().map(document).toList(),
        found.size() > limit ? Position.of(part.getLast()).cursor() : null);
  }
}
