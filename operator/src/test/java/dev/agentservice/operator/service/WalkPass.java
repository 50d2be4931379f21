package dev.agentservice.operator.service;

import java.util.Optional;
import java.util.Set;

/**
 * One pass of the operator, and what goes wrong in it.
 *
 * @param lags the caches that show the world as they last did
 * @param diesBefore the write before which the operator dies, counted from 1; 0: it does not
 * @param answer what becomes of a pod's create
 * @param meanwhile what happens in the middle of it
 */
record WalkPass(Set<WalkCache> lags, int diesBefore, Answer answer, Optional<Meanwhile> meanwhile)
    implements WalkStep {

  WalkPass(Set<WalkCache> lags, int diesBefore, Answer answer) {
    this(lags, diesBefore, answer, Optional.empty());
  }

  /** One in which {@code step} comes before a write, counted from 1. */
  static WalkPass interrupted(int before, WalkStep step) {
    return new WalkPass(Set.of(), 0, Answer.CREATED, Optional.of(new Meanwhile(before, step)));
  }

  /** A step that comes just before a write of a pass, which does not see it. */
  record Meanwhile(int before, WalkStep step) {

    void take(Walk walk) {
      step.take(walk);
    }

    @Override
    public String toString() {
      return step + " before write " + before;
    }
  }

  /** How the API server answers the create of a pod. */
  enum Answer {
    CREATED(201, false),
    QUOTA(403, true),
    ADMISSION(403, false),
    INVALID(422, false),
    BROKEN(500, false),
    /** No answer at all, and the pod is made much later. */
    TIMEOUT(0, false);

    final int httpStatus;
    final boolean quota;

    Answer(int httpStatus, boolean quota) {
      this.httpStatus = httpStatus;
      this.quota = quota;
    }
  }

  static final WalkPass PLAIN = new WalkPass(Set.of(), 0, Answer.CREATED);

  @Override
  public void take(Walk walk) {
    try {
      walk.operator().pass(this);
    } finally {
      walk.tell(walk.operator().lastPass());
    }
  }

  @Override
  public String toString() {
    return "the operator looks"
        + (lags.isEmpty() ? "" : ", its caches of " + lags + " lag")
        + (answer == Answer.CREATED ? "" : ", a create is answered " + answer)
        + (diesBefore == 0 ? "" : ", it dies before write " + diesBefore)
        + meanwhile.map(it -> ", meanwhile: " + it).orElse("");
  }
}
