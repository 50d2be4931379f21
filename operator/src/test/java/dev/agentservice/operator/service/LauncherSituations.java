package dev.agentservice.operator.service;

import static dev.agentservice.operator.service.Situation.applied;
import static dev.agentservice.operator.service.Situation.owed;
import static dev.agentservice.operator.service.Situation.ready;
import static dev.agentservice.operator.service.Situation.starting;
import static dev.agentservice.operator.service.Situation.unhealthy;

import dev.agentservice.operator.launcher.Heard;
import dev.agentservice.v1alpha1.AgentServiceSpec;
import java.util.ArrayList;
import java.util.List;

/** What is different where a launcher starts the agent; the rest is in {@link Situations}. */
final class LauncherSituations {

  private final List<Situations.Row> rows = new ArrayList<>();

  static List<Situations.Row> all() {
    var table = new LauncherSituations();
    table.deliveries();
    table.answers();
    table.losses();
    table.exits();
    table.pools();
    return table.rows;
  }

  private void row(String what, Situation situation, String outcome) {
    rows.add(new Situations.Row("launched: " + what, situation, outcome));
  }

  private void deliveries() {
    row(
        "all is there",
        applied().launched(),
        "starting Starting -> BeginAttempt 1, CreateSandbox 1, CreateFront 1");
    row("the launcher is on its way", starting().launched(), "starting Starting");
    row(
        "its image cannot be had",
        starting().launched().waiting(Reason.LAUNCHER_NOT_INSTALLED),
        "starting LauncherNotInstalled");
    var waits = starting().launched().probeFails();
    row("it waits, and there is no env", waits, "starting Starting -> DeliverEnv 2");
    row("it waits, and the pod is Ready", waits.serving(), "starting Starting -> DeliverEnv 2");
    row("it waits in vain", waits.at(130), "failed EnvNotDelivered");
    var waitsForEnv = waits.undelivered();
    row("it waits for env", waitsForEnv.secretOwned("TOKEN"), "starting Starting -> DeliverEnv 2");
    row("the Secret is gone", waitsForEnv.secretAbsent(), "starting EnvSecretNotFound");
    row(
        "the Secret does not come back",
        waitsForEnv.secretAbsent().at(130),
        "failed EnvSecretNotFound -> ForgetSecret env-1");
    row(
        "the recipe requires what the ConfigMap no longer brings",
        waits.requires("TOKEN"),
        "failed EnvMissing");
    row(
        "the operator may not attach",
        waitsForEnv.secretOwned("TOKEN").attachRefused(403),
        "starting EnvNotDelivered -> DeliverEnv 2");
    row(
        "a restart waits for its own Secret",
        waitsForEnv.restart().namesSecret("env-2").secretAbsent(),
        "starting Starting");
    row(
        "a restart with the Secret that was never handed over",
        waitsForEnv.restart().secretOwned("TOKEN"),
        "stopping Restarting -> RemoveSandbox 2");
  }

  private void answers() {
    var started = starting().launched().probeFails();
    row("it started the agent, which had no env", started.heard(7, false), "starting Starting");
    row(
        "it started the agent, which has its env",
        started.undelivered().heard(7, false),
        "starting Starting -> RecordProcess 7, ForgetSecret env-1");
    row(
        "the same after the operator died in the middle",
        started.undelivered().process(7),
        "starting Starting -> ForgetSecret env-1");
    row(
        "the pod is still Ready, the agent does not answer yet",
        started.serving().heard(7, false),
        "starting Starting");
    row("the agent answers", started.serving().heard(7, true), "ready Serving");
    row(
        "the agent answers, the Service has no endpoint",
        started.endpointNotReady().heard(7, true),
        "starting Starting");
    row(
        "the operator died before the agent answered",
        started.process(7).serving(),
        "starting Starting -> AskLauncher 2");
    row("ready, and nothing happens", ready().launched().process(7), "ready Serving");
    row(
        "ready, and the agent restarts",
        ready().launched().process(7).probeFails(),
        "unhealthy ProbeFailed");
    var wasAway = ready().launched().process(7).podReadySince(8);
    row("ready, and nothing happened since", wasAway.podReadySince(5), "ready Serving");
    row("ready, and the agent restarted unseen", wasAway, "ready Serving -> AskLauncher 2");
    row("the same, and the launcher was asked", wasAway.heard(9, true), "ready Serving");
    row(
        "ready, the agent restarted unseen and does not answer yet",
        wasAway.heard(new Heard.Agent(9L, false, 1, 3)),
        "unhealthy CrashLoop");
    row("unhealthy", unhealthy().launched().process(7), "unhealthy ProbeFailed");
    var back = unhealthy().launched().process(7).serving();
    row("the pod is Ready again", back, "unhealthy ProbeFailed -> AskLauncher 2");
    row("the agent is another process", back.heard(9, true), "ready Serving");
    row("the launcher can no longer answer", back.heard(new Heard.Silence()), "ready Serving");
    row(
        "the agent crashes before it ever answered",
        started.heard(new Heard.Agent(null, false, 2, 1)),
        "starting CrashLoop");
    row(
        "the agent crashes until it is too late",
        started.heard(new Heard.Agent(null, false, 2, 1)).at(130),
        "failed CrashLoop");
  }

  private void losses() {
    var undelivered = starting().launched().undelivered();
    row(
        "the sandbox is lost before it has env",
        undelivered.gone().secretOwned("TOKEN"),
        "unhealthy SandboxLost -> BeginAttempt 3, CreateSandbox 3, PointFront 3");
    row(
        "the sandbox is lost, and so is the Secret",
        undelivered.gone().secretAbsent(),
        "unhealthy EnvSecretNotFound");
    row(
        "the same, and another Secret is named for some later restart",
        undelivered.gone().secretOwned("TOKEN").spec(s -> s.withEnvSecret(named("env-2"))),
        "unhealthy SandboxLost -> BeginAttempt 3, CreateSandbox 3, PointFront 3");
    row(
        "the operator died before the sandbox was made",
        owed().launched().undelivered().secretOwned("TOKEN"),
        "starting Starting -> CreateSandbox 2, CreateFront 2");
    row(
        "the sandbox is lost with its env",
        undelivered.process(7).gone(),
        "failed EnvLost -> ForgetSecret env-1");
    row("ready, and lost with its env", told().gone(), "failed EnvLost -> ForgetSecret env-1");
    row(
        "the launcher has started somebody else's agent",
        undelivered.probeFails().heard(new Heard.Refused()),
        "unhealthy SandboxLost -> RemoveSandbox 2");
    row("the node is lost before it has env", undelivered.nodeLost(), "unhealthy NodeLost");
    var nodeIsBack = unhealthy().launched().unavailable(Reason.VERSION_NOT_FOUND, "echo-v1");
    row(
        "it waits after its node was lost",
        unhealthy().launched(),
        "starting Starting -> DeliverEnv 2");
    row("the same, and the version is gone", nodeIsBack, "starting VersionNotFound");
    row("the same, too long", nodeIsBack.at(130), "failed VersionNotFound");
    row("the node is lost with env", told().nodeLost(), "failed NodeLost -> ForgetSecret env-1");
  }

  private void exits() {
    var starts = starting().launched();
    row("the command is not there", starts.exited(127), "failed ContainerCannotRun");
    row("the command is no program", starts.exited(126), "failed ContainerCannotRun");
    row(
        "it got half a message",
        starts.undelivered().exited(65),
        "unhealthy Exited -> RemoveSandbox 2");
    var serves = ready().launched().process(7);
    row("the launcher gave up", serves.exited(3), "failed CrashLoop");
    row(
        "the launcher gave up, with env",
        told().exited(3),
        "failed CrashLoop -> ForgetSecret env-1");
    row("the launcher was killed", serves.exited(137), "unhealthy Exited -> RemoveSandbox 2");
    row(
        "the launcher was killed, with env",
        told().exited(137),
        "failed Exited -> ForgetSecret env-1");
    row("evicted", serves.evicted(), "unhealthy Evicted -> RemoveSandbox 2");
    row("it completes", serves.never().exited(0), "stopped Completed");
    row("it ends with 1 and is not restarted", serves.never().exited(1), "failed Exited");
  }

  private void pools() {
    var taken =
        "TakeSandbox echo-abcdefghij, CreateFront echo-abcdefghij, DeliverEnv echo-abcdefghij";
    row("a sandbox waits", applied().warm(), "starting Starting -> BeginAttempt 1, " + taken);
    row(
        "a sandbox waits, and so does a Secret",
        applied().warm().namesSecret("env-1").secretThere("TOKEN"),
        "starting Starting -> OwnSecret env-1, BeginAttempt 1, " + taken);
    row(
        "a sandbox waits, the Secret does not come",
        applied().warm().namesSecret("env-1").secretAbsent(),
        "starting EnvSecretNotFound");
    row(
        "the operator died before it took the sandbox",
        owed().untaken().frontGone(),
        "starting Starting -> " + taken);
    row(
        "the same, and the Secret is there",
        owed().undelivered().untaken().secretOwned("TOKEN").frontGone(),
        "starting Starting -> " + taken);
    row(
        "the same, and the Secret is gone",
        owed().undelivered().untaken().secretAbsent().frontGone(),
        "starting EnvSecretNotFound");
    row("the sandbox went to another service", owed().missed(), "starting Starting");
    row("a stop before it was taken", owed().untaken().stop(), "stopped Stopped");
    row(
        "a lost sandbox is replaced by one that waits",
        ready().warm().process(7).gone(),
        "unhealthy SandboxLost -> BeginAttempt 3, TakeSandbox echo-abcdefghij,"
            + " PointFront echo-abcdefghij, DeliverEnv echo-abcdefghij");
  }

  /** Ready, with its env, and the Secret is deleted. */
  private static Situation told() {
    return ready().withTransientEnv().launched().process(7);
  }

  private static AgentServiceSpec.EnvSecret named(String secret) {
    return new AgentServiceSpec.EnvSecret(secret);
  }
}
