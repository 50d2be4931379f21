package dev.agentservice.operator.launcher;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a launcher's words begin with, so that nothing an agent prints is taken for one. It follows
 * from the service's UID and attempt: every operator knows it, after a crash too, and the agent,
 * which has no token for the API server, does not.
 */
public record Nonce(String text) {

  private static final int HEX_DIGITS = 32;

  public static Nonce of(String serviceUid, int attempt) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  ("launcher/" + serviceUid + "/" + attempt).getBytes(StandardCharsets.US_ASCII));
      return new Nonce(HexFormat.of().formatHex(digest).substring(0, HEX_DIGITS));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
