package dev.agentservice.v1alpha1;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.apache.commons.codec.binary.Base32;

/** Names derived from content: the first digits of a SHA-256 in lower-case base32 (RFC 4648). */
public final class Base32Digest {

  private Base32Digest() {}

  /** The first {@code digits} base32 digits (five bits each) of the SHA-256 of {@code content}. */
  public static String of(byte[] content, int digits) {
    var sha256 = newSha256().digest(content);
    return new Base32().encodeToString(sha256).substring(0, digits).toLowerCase(Locale.ROOT);
  }

  /** The same over text in UTF-8. */
  public static String of(String content, int digits) {
    return of(content.getBytes(StandardCharsets.UTF_8), digits);
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
