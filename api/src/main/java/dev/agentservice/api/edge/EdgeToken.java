package dev.agentservice.api.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A token is {@code 1.<key id>.<claims>.<HMAC-SHA256>}: version, key id and claims are signed as
 * the text that they are, and the signatures are compared as text, so that no second spelling of a
 * token is good.
 */
final class EdgeToken {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String VERSION = "1";

  /** More than any that is ours: a name has 54 characters, a namespace 63, a key id 253. */
  private static final int LONGEST = 1024;

  private static final Pattern SHAPE =
      Pattern.compile(VERSION + "\\.([-._a-zA-Z0-9]{1,253})\\.([-_a-zA-Z0-9]+)\\.([-_a-zA-Z0-9]+)");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  /** What a text turned out to be. */
  sealed interface Reading {

    record Valid(Claims claims) implements Reading {}

    record Refused(EdgeReason reason) implements Reading {}
  }

  private EdgeToken() {}

  static String sign(Claims claims, String keyId, byte[] key) {
    try {
      var signed = VERSION + "." + keyId + "." + base64(JSON.writeValueAsBytes(claims));
      return signed + "." + signature(signed, key);
    } catch (JsonProcessingException e) {
      throw new AssertionError("claims are strings and numbers", e);
    }
  }

  /**
   * Reads a token of today's version.
   *
   * @param keys gives the key of an id, if there is one
   */
  static Reading read(String token, Function<String, Optional<byte[]>> keys, Instant now) {
    var shape = SHAPE.matcher(token);
    if (token.length() > LONGEST || !shape.matches()) {
      return new Reading.Refused(EdgeReason.MALFORMED_TOKEN);
    }
    var key = keys.apply(shape.group(1));
    if (key.isEmpty()) {
      return new Reading.Refused(EdgeReason.UNKNOWN_KEY);
    }
    var expected = signature(token.substring(0, shape.end(2)), key.get());
    if (!MessageDigest.isEqual(ascii(expected), ascii(shape.group(3)))) {
      return new Reading.Refused(EdgeReason.BAD_SIGNATURE);
    }
    try {
      var claims = JSON.readValue(Base64.getUrlDecoder().decode(shape.group(2)), Claims.class);
      return claims.isOver(now)
          ? new Reading.Refused(EdgeReason.EXPIRED)
          : new Reading.Valid(claims);
    } catch (IOException _) { // signed under our key by something that is not us
      return new Reading.Refused(EdgeReason.MALFORMED_TOKEN);
    }
  }

  private static String signature(String text, byte[] key) {
    try {
      var mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return base64(mac.doFinal(ascii(text)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
