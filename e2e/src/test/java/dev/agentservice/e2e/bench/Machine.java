package dev.agentservice.e2e.bench;

import dev.agentservice.e2e.chaos.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where and of what the figures are. */
final class Machine {

  private Machine() {}

  static Map<String, Object> describe() {
    var lines = new LinkedHashMap<String, Object>();
    lines.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    lines.put("commit", commit());
    lines.put("processors", Runtime.getRuntime().availableProcessors());
    lines.put("processor", field("/proc/cpuinfo", "model name"));
    lines.put("memory", field("/proc/meminfo", "MemTotal"));
    lines.put("load_before", load());
    return lines;
  }

  /** Of the last minute. */
  static double load() {
    return Double.parseDouble(read("/proc/loadavg").split(" ", 2)[0]);
  }

  private static String field(String file, String name) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commit() {
    try {
      var git =
          new ProcessBuilder("git", "describe", "--always", "--dirty")
              .directory(Repository.ROOT.toFile())
              .start();
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
