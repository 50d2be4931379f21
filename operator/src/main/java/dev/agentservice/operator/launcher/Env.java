package dev.agentservice.operator.launcher;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Values on their way from where they are kept to an agent's process. It cannot print one, and it
 * is not kept: it is read, sent and dropped within one pass.
 */
public final class Env {

  private final Map<String, String> values = new TreeMap<>();

  /** Adds a value; one that comes later wins over an earlier one of its name. */
  public void put(String name, String value) {
    values.put(name, value);
  }

  public Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  Map<String, String> values() {
    return values;
  }

  @Override
  public String toString() {
    return "Env" + values.keySet();
  }
}
