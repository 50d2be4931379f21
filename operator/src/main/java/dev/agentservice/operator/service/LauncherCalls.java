package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.operator.launcher.Launchers;
import dev.agentservice.operator.launcher.Nonce;
import dev.agentservice.operator.sandbox.SandboxPod;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Optional;
import java.util.function.Consumer;

/** What one pass has to say to the launcher in its service's sandbox. */
final class LauncherCalls implements AutoCloseable {

  private final Launchers launchers;
  private final EnvReader envReader;
  private final Consumer<ResourceID> wake;

  /** Opened for a sandbox that is not taken yet, and not used so far. */
  private Optional<Launchers.Line> line = Optional.empty();

  LauncherCalls(Launchers launchers, EnvReader envReader, Consumer<ResourceID> wake) {
    this.launchers = launchers;
    this.envReader = envReader;
    this.wake = wake;
  }

  /**
   * Opens the line while it is written down that the sandbox is taken. Nothing is said on it before
   * that has succeeded, so it does no harm if the sandbox becomes another's.
   */
  void open(Warm.Free sandbox, int attempt, Observation seen) {
    line = Optional.of(line(sandbox.name(), sandbox.uid(), attempt, seen));
  }

  /** Hands over the agent's env, which is read while the line is being opened. */
  Heard deliver(String pod, String podUid, Observation seen) {
    line = line.or(() -> Optional.of(line(pod, podUid, seen.attempt(), seen)));
    var env = envReader.read(seen);
    var open = line.orElseThrow();
    line = Optional.empty(); // from here on it is closed by who speaks on it
    return launchers.start(open, env, wakeup(seen));
  }

  Heard ask(String pod, String podUid, Observation seen) {
    return launchers.ask(line(pod, podUid, seen.attempt(), seen), wakeup(seen));
  }

  private Launchers.Line line(String pod, String podUid, int attempt, Observation seen) {
    var service = seen.service().getMetadata();
    return launchers.open(
        new Launchers.Address(service.getNamespace(), pod, podUid, SandboxPod.CONTAINER),
        Nonce.of(service.getUid(), attempt));
  }

  private Launchers.Wakeup wakeup(Observation seen) {
    var service = ResourceID.fromResource(seen.service());
    return () -> wake.accept(service);
  }

  @Override
  public void close() {
    line.ifPresent(Launchers.Line::close);
  }
}
