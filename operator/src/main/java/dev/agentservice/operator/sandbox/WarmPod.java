package dev.agentservice.operator.sandbox;

import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Base32Digest;
import dev.agentservice.v1alpha1.Names;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sandbox that waits for a service: a launcher that was told nothing yet. It is its deployment's
 * until a service takes it, and then that one's as if it had been made for it: the owner and the
 * labels become those of any other sandbox, in one write. Its name stays.
 *
 * <p>How a taking is safe. The service writes the sandbox's name into its own status first, then
 * moves the owner, then hands env over.
 *
 * <ul>
 *   <li>An operator that dies in between leaves a name in status, and the next one goes on where it
 *       stopped: who owns the pod tells how far that was.
 *   <li>Two services that want one sandbox, by two operators or a cache that lags, both name it in
 *       their status; the move carries the pod's resourceVersion, so one of them gets it. The other
 *       finds it owned by somebody else and starts cold in the same attempt: nothing was handed
 *       over.
 *   <li>The pool deletes a sandbox with its resourceVersion as precondition, too: one that was
 *       taken meanwhile stays.
 *   <li>Nothing ever gives a sandbox the labels of the pool again, so none is taken twice.
 * </ul>
 */
public final class WarmPod {

  /** Stands for the service's UID as long as there is no service. */
  private static final String NO_SERVICE = "none";

  /** More than a cold sandbox's name has, so that the two are told apart by it. */
  private static final int NAME_DIGITS = 10;

  private WarmPod() {}

  /**
   * A new one for services of {@code version}.
   *
   * @param seed what makes its name another one than all others'
   */
  public static Pod of(
      AgentDeployment deployment, AgentVersion version, SandboxSettings sandboxes, String seed) {
    var metadata = deployment.getMetadata();
    var name = metadata.getName() + "-" + Base32Digest.of(seed, NAME_DIGITS);
    return SandboxPod.of(
        new ObjectMetaBuilder()
            .withNamespace(metadata.getNamespace())
            .withName(name)
            .addToLabels(Names.WARM_LABEL, "true")
            .addToLabels(Names.SANDBOX_LABEL, name)
            .addToLabels(Names.SERVICE_UID_LABEL, NO_SERVICE)
            .addToLabels(Names.DEPLOYMENT_LABEL, metadata.getName())
            .addToLabels(Names.VERSION_LABEL, version.getMetadata().getName())
            .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
            .withOwnerReferences(deployment.ownerReference())
            .build(),
        version.getSpec().template(),
        SandboxPod.Environment.ofTemplate(version.getSpec().template()),
        false,
        sandboxes);
  }

  /** Whether a sandbox of this name was made for a pool, whoever has it now. */
  public static boolean isName(String sandbox) {
    return sandbox != null && sandbox.length() - sandbox.lastIndexOf('-') - 1 == NAME_DIGITS;
  }

  /** What a service that takes it writes over its metadata: all of it, or nothing. */
  public static Map<String, Object> taken(
      String uid, String resourceVersion, Object owner, Map<String, String> labels) {
    var changed = new TreeMap<String, Object>(labels);
    changed.put(Names.WARM_LABEL, null);
    return Map.of(
        "metadata",
        Map.of(
            "uid", uid,
            "resourceVersion", resourceVersion,
            "ownerReferences", List.of(owner),
            "labels", changed));
  }
}
