package dev.agentservice.api.service;

import dev.agentservice.api.auth.Caller;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is remembered of a payload, so that the same one can be told from another: HMAC-SHA256 over
 * caller and payload, under an installation key. A plain hash of secret values could be guessed.
 *
 * @param keyId which installation key
 * @param hex the digest
 */
record Fingerprint(String keyId, String hex) {

  private static final String ALGORITHM = "HmacSHA256";

  /** As it stands in the annotation: {@code <key id>.<digest>}. */
  String text() {
    return keyId + "." + hex;
  }

  /** Reads the annotation; empty where there is nothing of ours. */
  static Optional<Fingerprint> parse(String text) {
    var dot = text == null ? -1 : text.lastIndexOf('.');
    return dot <= 0
        ? Optional.empty()
        : Optional.of(new Fingerprint(text.substring(0, dot), text.substring(dot + 1)));
  }

  static Fingerprint of(
      String keyId, byte[] key, String operation, Caller caller, String version, EnvValues envs) {
    var mac = newMac(key);
    add(mac, operation);
    add(mac, caller.username());
    add(mac, version);
    envs.forEach(
        (name, value) -> {
          add(mac, name);
          add(mac, value);
        });
    return new Fingerprint(keyId, HexFormat.of().formatHex(mac.doFinal()));
  }

  boolean isSameAs(Fingerprint other) {
    return keyId.equals(other.keyId)
        && MessageDigest.isEqual(
            hex.getBytes(StandardCharsets.US_ASCII), other.hex.getBytes(StandardCharsets.US_ASCII));
  }

  /** With its length in front, so that no two payloads are the same bytes. */
  private static void add(Mac mac, String text) {
    var bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(text == null ? -1 : bytes.length).flip());
    mac.update(bytes);
  }

  private static Mac newMac(byte[] key) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }
}
