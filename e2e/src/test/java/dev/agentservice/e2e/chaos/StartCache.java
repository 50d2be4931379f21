package dev.agentservice.e2e.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The JVM's ahead-of-time cache: operators that live for seconds must not spend them on loading.
 */
final class StartCache {

  private StartCache() {}

  /**
   * Made by a first operator, unless it is there and newer than the operator. It serves these
   * namespaces while {@code work} is done.
   */
  static Path train(Path kubeconfig, List<String> namespaces, Runnable work) {
    var cache = Repository.STATE.resolve("operator.aot");
    if (cache.toFile().lastModified() > Repository.operatorJar().toFile().lastModified()) {
      return cache;
    }
    try (var operator =
        OperatorProcess.start(
            "training",
            kubeconfig,
            Repository.STATE.resolve("storm-training.log"),
            Map.of(
                "WATCH_NAMESPACES",
                String.join(",", namespaces),
                "LEADER_ELECTION",
                "false",
                "JDK_JAVA_OPTIONS",
                "-XX:AOTCacheOutput=" + cache))) {
      if (!Pause.until(operator::isReady, 60_000)) {
        throw new IllegalStateException("the operator does not get ready: see storm-training.log");
      }
      work.run();
      operator.terminate();
    }
    return cache;
  }
}
