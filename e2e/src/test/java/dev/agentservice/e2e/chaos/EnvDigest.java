package dev.agentservice.e2e.chaos;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the example agent answers of an env value, so that the value itself stays with it. */
public final class EnvDigest {

  private EnvDigest() {}

  /** Where an agent is asked for it. */
  public static String path(String name, String nonce) {
    return "/env/%s/digest?nonce=%s".formatted(name, nonce);
  }

  /** The digest of {@code value} under a nonce. */
  public static String of(String value, String nonce) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(value.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(nonce.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
