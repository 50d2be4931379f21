package dev.agentservice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** One token, by the id under which the audit log notes what was done with it. */
record Credential(String id) {

  private static final Set<String> READS = Set.of("get", "list", "watch");

  static Credential of(Path kubeconfig) {
    var token = Config.fromKubeconfig(kubeconfig.toFile()).getAutoOAuthToken();
    var claims =
        new String(
            Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
    return new Credential(
        "JTI=" + Serialization.unmarshal(claims, JsonNode.class).path("jti").asText());
  }

  /** The writes that were asked for after {@code since} and done. */
  List<String> writesSince(Path auditLog, Instant since) {
    try (var lines = Files.lines(auditLog)) {
      return lines
          .filter(line -> line.contains(id))
          .map(line -> Serialization.unmarshal(line, JsonNode.class))
          .filter(request -> !READS.contains(request.path("verb").asText()))
          .filter(request -> request.path("responseStatus").path("code").asInt() < 300)
          .filter(
              request ->
                  Instant.parse(request.path("requestReceivedTimestamp").asText()).isAfter(since))
          .map(request -> request.path("verb").asText() + " " + request.path("requestURI").asText())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
