package dev.agentservice.e2e.chaos;

/**
 * What became of a storm.
 *
 * @param toldWhenKillsEnded how many services had been through all by the last kill
 * @param unclaimed transient Secrets that no operator ever looked at; their author has to
 * @param gaps times that changes may have been missed: duplicates are then "none seen"
 */
record Outcome(
    int kills,
    int services,
    int settled,
    int duplicates,
    int orphaned,
    int leaked,
    int stuck,
    int toldWhenKillsEnded,
    int unclaimed,
    int pods,
    int gaps,
    long peakResidentMiB) {

  /**
   * The heap, which is bounded by 160 MiB, the AOT cache, of which 80 are mapped, and 160 for what
   * a JVM needs beside them: classes and compiled code (80), the compiler at work (40), threads and
   * network buffers (40). It does not depend on how many services there are. What design §7 allows
   * is measured by the benchmark.
   */
  static final long RESIDENT_LIMIT_MIB = 400;

  /** Where there was no storm. */
  static final Outcome NONE = new Outcome(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  boolean isGood() {
    return settled == services
        && duplicates + orphaned + leaked + stuck + gaps == 0
        && peakResidentMiB <= RESIDENT_LIMIT_MIB;
  }
}
