package dev.agentservice.e2e.chaos;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.LinkedHashMap;
import java.util.List;

/** {@code make chaos}: its last line is what was done and what came of it, as one JSON object. */
public final class Chaos {

  private Chaos() {}

  public static void main(String[] args) {
    if (System.getenv("CLUSTER_AUDIT_LOG") == null) {
      System.err.println("make chaos breaks the cluster of this repository: unset KUBECONFIG");
      System.exit(2);
    }
    var settings = Settings.from(System.getenv());
    var progress = new Progress();
    progress.say("seed " + settings.seed());
    var faults = settings.faults() ? Faults.run(progress) : new Faults.Result(0, List.of());
    Repository.stopOperator();
    var takes = settings.takes() == 0 ? Takes.Result.NONE : takes(settings, progress);
    var outcome = settings.kills() == 0 ? Outcome.NONE : storm(settings, progress);
    var line = new LinkedHashMap<String, Object>();
    line.put("kills", outcome.kills());
    line.put("services", outcome.services());
    line.put("settled", outcome.settled());
    line.put("duplicates", outcome.duplicates());
    line.put("orphaned", outcome.orphaned());
    line.put("leaked", outcome.leaked());
    line.put("stuck", outcome.stuck());
    line.put("seconds", progress.seconds());
    line.put("seed", settings.seed());
    line.put("faults", faults.ended());
    line.put("faultsFailed", faults.failed().size());
    line.put("pods", outcome.pods());
    line.put("toldWhenKillsEnded", outcome.toldWhenKillsEnded());
    line.put("unclaimedSecrets", outcome.unclaimed());
    line.put("watchGaps", outcome.gaps());
    line.put("peakResidentMiB", outcome.peakResidentMiB());
    line.put("residentLimitMiB", Outcome.RESIDENT_LIMIT_MIB);
    line.put("takes", takes.services());
    line.put("warmTakes", takes.warm());
    line.put("operatorKills", takes.operatorKills());
    line.put("wrongValue", takes.wrongValue());
    line.put("deliveredTwice", takes.deliveredTwice());
    line.put("sharedSandbox", takes.sharedSandbox());
    line.put("doubled", takes.doubled());
    line.put("takesStuck", takes.stuck());
    line.put("takesWatchGaps", takes.gaps());
    System.out.println(Serialization.asJson(line));
    var stormIsGood =
        settings.kills() == 0
            || (outcome.isGood()
                && outcome.kills() >= settings.kills()
                && outcome.services() >= settings.services());
    var takesAreGood = takes.isGood() && takes.warm() >= settings.takes();
    System.exit(stormIsGood && takesAreGood && faults.failed().isEmpty() ? 0 : 1);
  }

  private static Takes.Result takes(Settings settings, Progress progress) {
    try (var client = new KubernetesClientBuilder().build()) {
      return Takes.run(client, settings, progress);
    }
  }

  private static Outcome storm(Settings settings, Progress progress) {
    try (var client = new KubernetesClientBuilder().build();
        var storm = new Storm(client, settings, progress)) {
      storm.prepare();
      return storm.run();
    }
  }
}
