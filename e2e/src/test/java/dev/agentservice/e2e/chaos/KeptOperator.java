package dev.agentservice.e2e.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An operator that is started again whenever it ends, as a kubelet does with its pod. */
public final class KeptOperator implements AutoCloseable {

  private final AtomicInteger starts = new AtomicInteger();
  private final Path kubeconfig;
  private final Path log;
  private final Map<String, String> environment;
  private final Thread keeper;
  private volatile OperatorProcess current;
  private volatile boolean closed;

  /** Starts the first one. */
  public KeptOperator(Path kubeconfig, Path log, Map<String, String> environment) {
    this.kubeconfig = kubeconfig;
    this.log = log;
    this.environment = environment;
    keeper = Thread.ofVirtual().start(this::keep);
  }

  /** How many there have been. */
  public int starts() {
    return starts.get();
  }

  @Override
  public void close() {
    closed = true;
    while (keeper.isAlive()) {
      if (current != null) {
        current.kill();
      }
      Pause.millis(50);
    }
  }

  private void keep() {
    while (!closed) {
      starts.incrementAndGet();
      current = OperatorProcess.start("kept", kubeconfig, log, environment);
      while (current.isAlive()) {
        Pause.millis(100);
      }
    }
  }
}
