package dev.agentservice.e2e.chaos;

import java.time.Duration;
import java.util.Map;
import java.util.Random;

/**
 * How much chaos.
 *
 * @param kills SIGKILLs of operators
 * @param services in all
 * @param operators how many share the namespaces
 * @param seed of what users and killers do; the order in which things meet is not repeatable
 * @param killing no kill comes later than this after the first, nor does another service begin: on
 *     a slow machine the targets are missed, and that is told
 * @param faults whether the faults one by one are part of it
 * @param takes how many services take a sandbox from a warm pool under kills, before the storm
 */
record Settings(
    int kills,
    int services,
    int operators,
    long seed,
    boolean faults,
    Duration killing,
    int takes) {

  static Settings from(Map<String, String> environment) {
    var seed = environment.getOrDefault("SEED", "");
    return new Settings(
        Integer.parseInt(environment.getOrDefault("KILLS", "200")),
        Integer.parseInt(environment.getOrDefault("SERVICES", "2000")),
        Integer.parseInt(environment.getOrDefault("OPERATORS", "2")),
        seed.isEmpty() ? new Random().nextLong(1_000_000) : Long.parseLong(seed),
        !"no".equals(environment.get("FAULTS")),
        Duration.ofMinutes(Integer.parseInt(environment.getOrDefault("MINUTES", "18"))),
        Integer.parseInt(environment.getOrDefault("TAKES", "1000")));
  }
}
