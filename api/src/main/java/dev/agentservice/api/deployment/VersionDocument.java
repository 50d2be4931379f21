package dev.agentservice.api.deployment;

import dev.agentservice.api.http.Json;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Template;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A version as the HTTP API shows it; what has no meaning on Kubernetes is empty or null. Times are
 * RFC 3339 in UTC.
 *
 * @param template the container image
 * @param entrypointCommand command and arguments as a shell would read them; null: the image's own
 * @param status {@code ready} where it is the active or the newest one, else {@code superseded}
 */
public record VersionDocument(
    String id,
    String deploymentId,
    Long versionNumber,
    String bundleDigest,
    Map<String, Object> bundleManifest,
    Map<String, Object> config,
    String template,
    String workdir,
    String installCommand,
    String entrypointCommand,
    Integer servicePort,
    Map<String, Object> readinessConfig,
    Map<String, Object> envSpec,
    Map<String, Object> resourceConfig,
    Map<String, Object> debugConfig,
    String status,
    String cachePolicy,
    String createdAt,
    String readyAt) {

  static VersionDocument of(AgentVersion version, AgentDeployment deployment) {
    var metadata = version.getMetadata();
    var recipe = version.getSpec().template();
    return new VersionDocument(
        metadata.getName(),
        version.getSpec().deployment(),
        version.getSpec().number(),
        null,
        Map.of(),
        Map.of(),
        recipe.image(),
        recipe.workingDir(),
        null,
        entrypoint(recipe),
        recipe.port(),
        Json.open(recipe.readiness()),
        Json.open(recipe.envSpec()),
        Json.open(recipe.resources()),
        Map.of(),
        isCurrent(metadata.getName(), deployment) ? "ready" : "superseded",
        "auto",
        metadata.getCreationTimestamp(),
        readyAt(version));
  }

  private static boolean isCurrent(String name, AgentDeployment deployment) {
    var status = deployment.getStatus();
    return status != null
        && (name.equals(status.activeVersion()) || name.equals(status.latestVersion()));
  }

  private static String entrypoint(Template recipe) {
    var words = new ArrayList<String>();
    words.addAll(recipe.command() == null ? List.of() : recipe.command());
    words.addAll(recipe.args() == null ? List.of() : recipe.args());
    return words.isEmpty()
        ? null
        : words.stream().map(VersionDocument::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[-+./:=@_a-zA-Z0-9]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String readyAt(AgentVersion version) {
    var conditions = version.getStatus() == null ? null : version.getStatus().conditions();
    return conditions == null
        ? null
        : conditions.stream()
            .filter(
                condition ->
                    condition.getType().equals("Ready") && condition.getStatus().equals("True"))
            .map(Condition::getLastTransitionTime)
            .findAny()
            .orElse(null);
  }
}
