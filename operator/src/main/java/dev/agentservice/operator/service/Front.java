package dev.agentservice.operator.service;

/** The Service that callers use, and whether traffic flows through it. */
public sealed interface Front {

  record Absent() implements Front {}

  /** The Service's name is taken by an object that is not ours. */
  record Foreign(String name) implements Front {}

  /** The Service's name is still held by a child of a former service of the same name. */
  record Former(String name) implements Front {}

  /**
   * The Service is there.
   *
   * @param attempt the current attempt where it selects that one, else 0
   * @param port its port
   * @param serving whether an EndpointSlice of it names the current sandbox's pod as ready
   */
  record Present(int attempt, int port, boolean serving) implements Front {}
}
