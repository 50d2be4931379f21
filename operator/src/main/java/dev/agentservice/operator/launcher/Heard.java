package dev.agentservice.operator.launcher;

/** What this operator has heard of a sandbox's launcher since its service was last ready. */
public sealed interface Heard {

  /** Nothing: it has not been asked, or the line broke. */
  record Nothing() implements Heard {}

  /**
   * The agent was started.
   *
   * @param processId in the sandbox; null while the agent is between two lives
   * @param serving whether its port answers
   * @param restarts how often the launcher started it again
   * @param lastExitCode null where it never ended
   */
  record Agent(Long processId, boolean serving, int restarts, Integer lastExitCode)
      implements Heard {}

  /**
   * It was asked and says nothing, as it must once the container runtime has closed its standard
   * input: the pod's own word has to do, and the process is the one it last spoke of.
   */
  record Silence() implements Heard {}

  /** It has started an agent, and not for this attempt: the sandbox is of no use. */
  record Refused() implements Heard {}
}
