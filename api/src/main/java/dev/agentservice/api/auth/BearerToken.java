package dev.agentservice.api.auth;

import com.nimbusds.jwt.SignedJWT;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.Base32Digest;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A token as the caller sent it, looked at but not yet believed. It does not print itself.
 *
 * @param expiresAt by its own word
 */
record BearerToken(String text, Instant expiresAt) {

  private static final String SCHEME = "bearer ";
  private static final int MAX_LENGTH = 16_384;

  /**
   * Reads the Authorization header, and refuses what can be told without asking anybody: a token
   * that expired or that was made for others.
   *
   * @throws Problem {@code unauthenticated}
   */
  static BearerToken of(List<String> authorization, String audience, Instant now) {
    if (authorization.size() != 1) {
      throw refused("Send one Authorization header: Bearer and a ServiceAccount's token.");
    }
    var header = authorization.getFirst();
    if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME) || header.length() > MAX_LENGTH) {
      throw refused("The Authorization header must be: Bearer and a ServiceAccount's token.");
    }
    var text = header.substring(SCHEME.length()).strip();
    try {
      var claims = SignedJWT.parse(text).getJWTClaimsSet();
      if (claims.getExpirationTime() == null
          || !now.isBefore(claims.getExpirationTime().toInstant())) {
        throw refused("The token expired.");
      }
      if (!claims.getAudience().contains(audience)) {
        throw refused(
            "The token is for another audience: kubectl create token --audience "
                + audience
                + " makes one for this API.");
      }
      return new BearerToken(text, claims.getExpirationTime().toInstant());
    } catch (ParseException | IllegalArgumentException _) {
      throw refused("The token is no ServiceAccount's token.");
    }
  }

  /** By which an answer about it may be kept, without keeping the token. */
  String digest() {
    return Base32Digest.of(text, 52);
  }

  @Override
  public String toString() {
    return "BearerToken[expiresAt=" + expiresAt + "]";
  }

  static Problem refused(String detail) {
    return new Problem(ErrorCode.UNAUTHENTICATED, detail);
  }
}
