package dev.agentservice.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The work tree, and its programs that move the cluster. */
public final class Repository {

  public static final Path ROOT = root(Path.of("").toAbsolutePath());

  /** Where {@code make up} keeps what runs. */
  public static final Path STATE = ROOT.resolve(".cluster");

  private Repository() {}

  /** {@code cluster/cluster ...}: simulated nodes, components stopped and started. */
  public static void cluster(String... arguments) {
    run(ROOT.resolve("cluster/cluster"), arguments);
  }

  /** The operator that {@code make up} runs. */
  public static void startOperator() {
    run(ROOT.resolve("operator/local.sh"), "start", STATE.toString());
  }

  /** The operator that {@code make up} runs. */
  public static void stopOperator() {
    run(ROOT.resolve("operator/local.sh"), "stop", STATE.toString());
  }

  /** Gives the operator its rights, and writes a kubeconfig with a token of its own. */
  public static Path grantRights(Path folder) {
    folder.toFile().mkdirs();
    run(ROOT.resolve("operator/local.sh"), "rights", folder.toString());
    return folder.resolve("operator.kubeconfig");
  }

  /** As {@link #grantRights}, for the HTTP API. */
  public static Path grantApiRights(Path folder) {
    folder.toFile().mkdirs();
    run(ROOT.resolve("operator/local.sh"), "rights", folder.toString(), "api");
    return folder.resolve("api.kubeconfig");
  }

  /** Not that of the tests, which {@code make image} leaves beside it. */
  static Path operatorJar() {
    var built = ROOT.resolve("operator/target");
    try (var files = Files.newDirectoryStream(built, "agentservice-operator-*[!s].jar")) {
      return files.iterator().next();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Path program, String... arguments) {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + "\n" + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Path root(Path folder) {
    return folder.resolve("operator/local.sh").toFile().exists()
        ? folder
        : root(folder.getParent());
  }
}
