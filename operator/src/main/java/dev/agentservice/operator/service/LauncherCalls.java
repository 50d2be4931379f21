package dev.agentservice.operator.service;

import dev.agentservice.operator.launcher.Env;
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

  /** For a sandbox that is not taken yet. */
  private Optional<Prepared> prepared = Optional.empty();

  private record Prepared(Launchers.Line line, Ahead<Env> env) {}

  LauncherCalls(Launchers launchers, EnvReader envReader, Consumer<ResourceID> wake) {
    this.launchers = launchers;
    this.envReader = envReader;
    this.wake = wake;
  }

  /**
   * Opens the line and reads the agent's env while it is written down that the sandbox is taken.
   * Nothing is said on the line before that has succeeded, so it does no harm if the sandbox
   * becomes another's.
   */
  void prepare(Warm.Free sandbox, int attempt, Observation seen) {
    prepared = Optional.of(prepared(sandbox.name(), sandbox.uid(), attempt, seen));
  }

  /** Hands over the agent's env. */
  Heard deliver(String pod, String podUid, Observation seen) {
    prepared = prepared.or(() -> Optional.of(prepared(pod, podUid, seen.attempt(), seen)));
    var env = prepared.orElseThrow().env().get();
    var line = prepared.orElseThrow().line();
    prepared = Optional.empty(); // from here on the line is closed by who speaks on it
    return launchers.start(line, env, wakeup(seen));
  }

  Heard ask(String pod, String podUid, Observation seen) {
    return launchers.ask(line(pod, podUid, seen.attempt(), seen), wakeup(seen));
  }

  private Prepared prepared(String pod, String podUid, int attempt, Observation seen) {
    return new Prepared(line(pod, podUid, attempt, seen), Ahead.of(() -> envReader.read(seen)));
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
    prepared.map(Prepared::line).ifPresent(Launchers.Line::close);
  }
}
