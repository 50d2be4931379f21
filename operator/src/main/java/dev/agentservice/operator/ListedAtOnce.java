package dev.agentservice.operator;

/**
 * How many objects one answer brings when a cache is filled. Ten thousand pods in one answer are 50
 * MB beside what is kept of them: the operator of that many services could not start again.
 */
public final class ListedAtOnce {

  /** As many as kubectl asks for. */
  public static final long OBJECTS = 500;

  private ListedAtOnce() {}
}
