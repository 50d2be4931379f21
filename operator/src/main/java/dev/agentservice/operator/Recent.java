package dev.agentservice.operator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map with a bound: who was used longest ago goes first. Not synchronized, and a read changes it,
 * too.
 */
public final class Recent<K, V> extends LinkedHashMap<K, V> {

  private static final long serialVersionUID = 1L;

  private final int capacity;

  public Recent(int capacity) {
    super(16, 0.75f, true);
    this.capacity = capacity;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > capacity;
  }
}
