package dev.agentservice.operator.service;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A walk before it is made: its steps. Any part of a story is a story, too, so that one which
 * breaks a law can be shortened until every step of it matters.
 */
record WalkStory(List<WalkStep> steps) {

  private static final int LONGEST = 40;

  /** One that never rests is cut here. */
  private static final int LINES_TOLD = 40;

  private static final String SEPARATOR = System.lineSeparator() + "  ";

  private static final List<WalkAct> ACTS =
      Stream.of(WalkAct.values())
          .flatMap(act -> Stream.generate(() -> act).limit(act.weight))
          .toList();

  /**
   * What chance alone would seldom tell: an agent that serves, one lost before it was seen, one
   * that failed, is wanted again while its sandbox leaves, and then meets another that starts.
   */
  private static final List<List<WalkStep>> BEGINNINGS =
      List.of(
          List.of(),
          List.of(WalkPass.PLAIN, WalkAct.COMES_UP, WalkPass.PLAIN),
          List.of(WalkAct.RESTART_WITH_SECRET, WalkPass.PLAIN, WalkAct.COMES_UP, WalkPass.PLAIN),
          List.of(
              WalkAct.CUT_LAUNCHED,
              WalkAct.RESTART_WITH_SECRET,
              WalkPass.PLAIN,
              WalkAct.COMES_UP,
              WalkPass.PLAIN,
              WalkAct.ANSWERS),
          List.of(
              WalkAct.CUT_LAUNCHED, WalkAct.RESTART_WITH_SECRET, WalkPass.PLAIN, WalkAct.COMES_UP),
          List.of(WalkAct.CUT_LAUNCHED, WalkAct.POOL_FILLS, WalkAct.RESTART_WITH_SECRET),
          List.of(
              WalkAct.CUT_LAUNCHED,
              WalkAct.POOL_FILLS,
              WalkPass.PLAIN,
              WalkAct.ANSWERS,
              WalkAct.POOL_FILLS),
          List.of(
              WalkAct.RESTART_WITH_SECRET,
              WalkPass.PLAIN,
              WalkAct.COMES_UP,
              WalkAct.RESTART,
              WalkAct.IS_DELETED,
              WalkAct.IS_GONE),
          List.of(
              WalkAct.CAP,
              WalkAct.RESTART_WITH_SECRET,
              WalkPass.PLAIN,
              WalkAct.COMES_UP,
              WalkPass.PLAIN,
              WalkAct.IS_DELETED,
              WalkPass.PLAIN,
              WalkAct.RESTART_WITH_SECRET,
              WalkPass.interrupted(1, WalkSibling.STARTS),
              WalkAct.IS_GONE,
              WalkPass.PLAIN));

  /** What may come between two writes of one pass. */
  static final List<WalkStep> INTERRUPTIONS =
      List.of(
          WalkRival.LOOKS,
          WalkSibling.STARTS,
          WalkAct.ANOTHER_TAKES,
          WalkAct.ANOTHER_STARTS,
          WalkAct.POOL_LEAVES,
          WalkAct.IS_DELETED);

  /** The same steps for the same randomness. */
  static WalkStory of(RandomGenerator random) {
    var steps = new ArrayList<>(BEGINNINGS.get(random.nextInt(BEGINNINGS.size())));
    var length = steps.size() + random.nextInt(1, LONGEST);
    while (steps.size() < length) {
      steps.add(random.nextInt(100) < 40 ? pass(random) : ACTS.get(random.nextInt(ACTS.size())));
    }
    return new WalkStory(List.copyOf(steps));
  }

  private static WalkStep pass(RandomGenerator random) {
    return switch (random.nextInt(13)) {
      case 0 -> new WalkPass(Set.of(), random.nextInt(1, 6), WalkPass.Answer.CREATED);
      case 1 -> new WalkPass(lags(random), 0, WalkPass.Answer.CREATED);
      case 2 -> new WalkPass(Set.of(), 0, answer(random));
      case 3 -> new WalkPass(lags(random), random.nextInt(0, 6), answer(random));
      case 4, 5 ->
          WalkPass.interrupted(
              random.nextInt(1, 9), INTERRUPTIONS.get(random.nextInt(INTERRUPTIONS.size())));
      case 6 -> WalkSibling.STARTS;
      default -> WalkPass.PLAIN;
    };
  }

  private static Set<WalkCache> lags(RandomGenerator random) {
    var lags = EnumSet.noneOf(WalkCache.class);
    for (var cache : WalkCache.values()) {
      if (random.nextBoolean()) {
        lags.add(cache);
      }
    }
    return lags;
  }

  private static WalkPass.Answer answer(RandomGenerator random) {
    var answers = WalkPass.Answer.values();
    return answers[random.nextInt(answers.length)];
  }

  /** Which law it breaks, if any; what happens is told to {@code walk}. */
  Optional<WalkLaw.Broken> walk(Walk walk) {
    try {
      for (var step : steps) {
        step.take(walk);
        if (step.equals(WalkPass.PLAIN)) {
          WalkPeace.whileNothingHappens(walk);
        }
      }
      WalkPeace.after(walk);
      return Optional.empty();
    } catch (WalkLaw.Broken broken) {
      return Optional.of(broken);
    } catch (RuntimeException e) {
      return Optional.of(new WalkLaw.Broken(WalkLaw.EVERY_LOOK_HAS_AN_ANSWER, e.toString()));
    }
  }

  /** The shortest story that is found by leaving steps out and that breaks the same law. */
  private WalkStory shortened(WalkLaw law) {
    var shortest = this;
    for (var length = Math.max(1, steps.size() / 2); length > 0; ) {
      var shorter = shortest.without(length).filter(story -> story.breaks(law)).findFirst();
      shortest = shorter.orElse(shortest);
      length = shorter.isPresent() ? Math.min(length, shortest.steps.size()) : length / 2;
    }
    return shortest;
  }

  /** Its shortest form that breaks {@code law}, one step a line, as it went. */
  String told(WalkLaw law) {
    var walk = new Walk();
    var shortest = shortened(law);
    var how = shortest.walk(walk).orElseThrow();
    var lines = walk.told().stream().limit(LINES_TOLD).toList();
    return how.getMessage() + SEPARATOR + String.join(SEPARATOR, lines);
  }

  private Stream<WalkStory> without(int length) {
    return Stream.iterate(0, at -> at + length <= steps.size(), at -> at + 1)
        .map(
            at -> {
              var rest = new ArrayList<>(steps.subList(0, at));
              rest.addAll(steps.subList(at + length, steps.size()));
              return new WalkStory(rest);
            });
  }

  private boolean breaks(WalkLaw law) {
    return walk(new Walk()).filter(broken -> broken.law == law).isPresent();
  }
}
