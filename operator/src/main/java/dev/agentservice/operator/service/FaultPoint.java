package dev.agentservice.operator.service;

/** Where a test may end the operator: just before any write. In production nothing happens here. */
@FunctionalInterface
public interface FaultPoint {

  FaultPoint NONE = _ -> {};

  /**
   * Called before each write of a pass.
   *
   * @param write the action's name, such as {@code CreateSandbox}, or {@link #REPORT}
   */
  void before(String write);

  /** The status that ends a pass. */
  String REPORT = "Report";
}
