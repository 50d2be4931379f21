package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import dev.agentservice.e2e.chaos.Repository;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * examples/gitops by Flux itself: its kustomize-controller fetches what would be in Git, applies
 * it, waits for its health and prunes. Its source-controller is not there; a file server and an
 * ExternalArtifact stand in for it.
 */
class FluxTest {

  private static final Path EXAMPLE = Repository.ROOT.resolve("examples/gitops");

  @TempDir private Path folder;

  @Test
  void appliesWaitsRollsOutRollsBackAndPrunes() throws IOException, InterruptedException {
    Node.assumeOurs("a team's repository, applied and pruned by Flux");
    Cluster.bash("kubectl apply --server-side -f \"$FLUX\" >/dev/null");
    Tenant.patiently() // kubectl gives up at once on a CRD whose conditions are null yet
        .untilAsserted(
            () ->
                Cluster.bash(
                    "kubectl wait --for=condition=Established --timeout=60s -f \"$FLUX\""));
    var artifacts = Files.createDirectory(folder.resolve("artifacts"));
    var server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            artifacts,
            OutputLevel.NONE);
    server.start();
    try (var tenant = Tenant.create();
        var _ = flux(tenant)) {
      var repository = new Source(tenant, server.getAddress().getPort(), artifacts, checkedOut());

      repository.push("one");
      tenant.bash("kubectl apply -f - <<'END'\n" + kustomization(tenant) + "\nEND");
      awaitApplied(tenant, "one");
      tenant.awaitReady("concierge-1");
      var first = tenant.activeVersion("concierge");

      repository.edit("base/agentdeployment.yaml", "release=one", "release=two");
      repository.edit("base/agentservice.yaml", "concierge-1", "concierge-2");
      repository.push("two");
      awaitApplied(tenant, "two");
      assertThat(tenant.agent("concierge-2").get("/")).contains("\"release\":\"two\"");
      assertThat(tenant.activeVersion("concierge")).isNotEqualTo(first);
      Tenant.patiently().until(() -> tenant.service("concierge-1") == null);

      repository.edit("base/agentdeployment.yaml", "release=two", "release=one");
      repository.edit("base/agentservice.yaml", "concierge-2", "concierge-3");
      repository.push("three");
      awaitApplied(tenant, "three");
      assertThat(tenant.awaitReady("concierge-3").getStatus().versionId()).isEqualTo(first);

      repository.edit("base/agentservice.yaml", "deployment: concierge", "deployment: nobody");
      repository.edit("base/agentservice.yaml", "concierge-3", "concierge-4");
      repository.push("four");
      tenant.await("concierge-4", "starting DeploymentNotFound");
      assertThat(applied(tenant)).as("what is not healthy is not Ready").isNotEqualTo("four");

      repository.edit("base/kustomization.yaml", "  - agentservice.yaml\n", "");
      repository.push("five");
      awaitApplied(tenant, "five");
      Tenant.patiently().untilAsserted(() -> assertThat(tenant.services()).isEmpty());
      tenant.awaitNoPods();
    } finally {
      server.stop(0);
      Cluster.bash("kubectl delete --ignore-not-found --wait=false -f \"$FLUX\" >/dev/null");
    }
  }

  /** Flux for one namespace, on this machine, with the rights of whoever runs the tests. */
  private static Running flux(Tenant tenant) throws IOException {
    var log = Repository.STATE.resolve("log/kustomize-controller.log").toFile();
    var program =
        new ProcessBuilder(
            System.getenv("FLUX") + "/kustomize-controller",
            "--watch-all-namespaces=false",
            "--feature-gates=ExternalArtifact=true,CancelHealthCheckOnNewRevision=true",
            "--metrics-addr=0",
            "--health-addr=127.0.0.1:0");
    program.environment().put("RUNTIME_NAMESPACE", tenant.namespace());
    return new Running(tenant, program.redirectErrorStream(true).redirectOutput(log).start());
  }

  private record Running(Tenant tenant, Process process) implements AutoCloseable {

    /** Its finalizer is Flux's to take off, else the namespace would stay. */
    @Override
    public void close() {
      tenant.bash("kubectl delete kustomizations --all --timeout=60s");
      process.destroy();
      process.onExit().join();
    }
  }

  private Path checkedOut() throws IOException {
    Cluster.bash("cp -r %s %s/repository".formatted(EXAMPLE, folder));
    return folder.resolve("repository");
  }

  /** The example's, told where it is and which source there is. */
  private static String kustomization(Tenant tenant) throws IOException {
    var documents = Files.readString(EXAMPLE.resolve("flux/production.yaml")).split("\n---\n", -1);
    return documents[1]
        .replace("team-a", tenant.namespace())
        .replace("flux-system", tenant.namespace())
        .replace("GitRepository", "ExternalArtifact");
  }

  private static void awaitApplied(Tenant tenant, String revision) {
    Tenant.patiently().untilAsserted(() -> assertThat(applied(tenant)).isEqualTo(revision));
  }

  /** The newest revision with which the Kustomization was Ready: all applied, all healthy. */
  private static String applied(Tenant tenant) {
    return tenant
        .bash("kubectl get kustomization agents -o 'jsonpath={.status.lastAppliedRevision}'")
        .strip();
  }

  /** What a team has in Git, and what Flux's source-controller would make of it. */
  private record Source(Tenant tenant, int port, Path artifacts, Path repository) {

    void edit(String file, String before, String after) throws IOException {
      var path = repository.resolve(file);
      var text = Files.readString(path);
      assertThat(text).contains(before);
      Files.writeString(path, text.replace(before, after));
    }

    void push(String revision) throws IOException {
      var archive = artifacts.resolve(revision + ".tar.gz");
      Cluster.bash("tar -czf %s -C %s .".formatted(archive, repository));
      var artifact =
          """
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: ExternalArtifact
          metadata:
            name: agents
            namespace: %1$s
          status:
            artifact:
              url: http://127.0.0.1:%2$d/%3$s.tar.gz
              path: %3$s.tar.gz
              revision: %3$s
              digest: sha256:%4$s
              lastUpdateTime: %5$s
            conditions:
              - type: Ready
                status: "True"
                reason: Pushed
                message: it is there
                lastTransitionTime: %5$s
          """
              .formatted(
                  tenant.namespace(),
                  port,
                  revision,
                  DigestUtils.sha256Hex(Files.readAllBytes(archive)),
                  Instant.now().truncatedTo(ChronoUnit.SECONDS));
      var source = tenant.client().resource(artifact);
      if (source.get() == null) {
        source.create();
      }
      source.subresource("status").patch(PatchContext.of(PatchType.SERVER_SIDE_APPLY));
    }
  }
}
