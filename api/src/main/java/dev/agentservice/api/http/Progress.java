package dev.agentservice.api.http;

import java.time.Duration;

/** How long a connection has waited for its client, where that is to finish what it began. */
final class Progress {

  private final Duration patience;
  private volatile boolean isClientsTurn;
  private volatile long began;
  private boolean isAnswering;

  Progress(Duration patience) {
    this.patience = patience;
  }

  /** The client is to finish a head, or to take an answer. */
  void begins() {
    began = System.nanoTime();
    isClientsTurn = true;
  }

  /** Bytes came: outside of an answer they begin a head, or go on with it. */
  void came() {
    if (!isAnswering && !isClientsTurn) {
      begins();
    }
  }

  void writing(Runnable write) {
    begins();
    write.run();
    isClientsTurn = false;
  }

  void answering(Runnable answer) {
    isClientsTurn = false;
    isAnswering = true;
    try {
      answer.run();
    } finally {
      isAnswering = false;
    }
  }

  boolean isLate() {
    return isClientsTurn && System.nanoTime() - began > patience.toNanos();
  }
}
