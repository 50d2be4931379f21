package dev.agentservice.operator.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A world in which one thing happens after the other, and what was told of it. */
final class Walk {

  private WalkWorld world;
  private final WalkOperator operator;
  private final WalkOperator rival;
  private final List<String> told = new ArrayList<>();

  Walk() {
    world = WalkWorld.begin();
    operator = new WalkOperator(this);
    rival = new WalkOperator(this);
  }

  /** The same world and the same operator, to see what would happen. */
  private Walk(Walk other) {
    world = other.world;
    operator = new WalkOperator(this, other.operator);
    rival = new WalkOperator(this, other.rival);
  }

  Walk copy() {
    return new Walk(this);
  }

  WalkWorld world() {
    return world;
  }

  WalkOperator operator() {
    return operator;
  }

  /** One that believes that it leads, too. */
  WalkOperator rival() {
    return rival;
  }

  List<String> told() {
    return told;
  }

  /** Each line with the second it happened at. */
  void tell(String line) {
    told.add(
        "%5d s  %s".formatted(Duration.between(Situation.START, world.now()).toSeconds(), line));
  }

  /** Something that is not the operator's doing; told if it makes a difference. */
  void happens(String what, UnaryOperator<WalkWorld> change) {
    var before = world;
    try {
      become(change);
    } finally {
      if (world.revision() != before.revision()) {
        tell(what);
      }
    }
  }

  /** Nothing but time. */
  void passes(Duration time) {
    world = world.withNow(world.now().plus(time));
  }

  /** A write of an operator's, answered and applied. */
  void written(WalkOperator by, UnaryOperator<WalkWorld> change) {
    var before = world;
    become(change);
    WalkLaw.check(before, world, by.cached(WalkCache.SERVICE).service());
  }

  private void become(UnaryOperator<WalkWorld> change) {
    var before = world;
    var same = before.withRevision(before.revision() + 1);
    var after = change.apply(same);
    if (!after.equals(same)) {
      world = after.followed();
      WalkLaw.check(world);
    }
  }
}
