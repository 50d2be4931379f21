package dev.agentservice.operator.service;

import java.util.Set;

/**
 * One pass of the operator, and what goes wrong in it.
 *
 * @param lags the caches that show the world as they last did
 * @param diesBefore the write before which the operator dies, counted from 1; 0: it does not
 * @param siblingStartsBefore the write before which another service's pass asks for a place,
 *     counted from 1, or after the pass where it makes fewer; 0: none does
 * @param answer what becomes of a pod's create
 */
record WalkPass(Set<WalkCache> lags, int diesBefore, int siblingStartsBefore, Answer answer)
    implements WalkStep {

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

  static final WalkPass PLAIN = new WalkPass(Set.of(), 0, 0, Answer.CREATED);

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
        + (siblingStartsBefore == 0
            ? ""
            : ", another service starts by write " + siblingStartsBefore)
        + (diesBefore == 0 ? "" : ", it dies before write " + diesBefore);
  }
}
