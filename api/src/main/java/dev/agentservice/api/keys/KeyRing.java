package dev.agentservice.api.keys;

import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Installation keys by id. The one whose id sorts last signs, all of them verify: a key is rotated
 * by adding another. Keys do not print.
 */
public final class KeyRing {

  private final SortedMap<String, byte[]> keys;

  private KeyRing(SortedMap<String, byte[]> keys) {
    this.keys = keys;
  }

  /**
   * Reads a Secret's data.
   *
   * @param data ids to base64
   * @throws IllegalArgumentException where there is no key, or one of fewer than 32 bytes
   */
  static KeyRing of(String secretName, Map<String, String> data) {
    var keys = new TreeMap<String, byte[]>();
    (data == null ? Map.<String, String>of() : data)
        .forEach((id, base64) -> keys.put(id, Base64.getDecoder().decode(base64)));
    if (keys.isEmpty() || keys.values().stream().anyMatch(key -> key.length < 32)) {
      throw new IllegalArgumentException(
          "Secret " + secretName + " must have at least one key, each of 32 bytes or more");
    }
    return new KeyRing(Collections.unmodifiableSortedMap(keys));
  }

  /** The id of the key that signs. */
  public String newest() {
    return keys.lastKey();
  }

  public Optional<byte[]> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public String toString() {
    return "KeyRing" + keys.keySet();
  }
}
