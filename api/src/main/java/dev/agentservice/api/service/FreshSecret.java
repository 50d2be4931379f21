package dev.agentservice.api.service;

import dev.agentservice.v1alpha1.AgentServiceSpec.EnvSecret;
import dev.agentservice.v1alpha1.Base32Digest;
import java.util.UUID;

/**
 * Names of transient Secrets that this API makes up, each for one delivery. Their second half is a
 * digest of the first, so that nobody's own Secret has such a name by chance: what has one may be
 * deleted.
 */
final class FreshSecret {

  private static final int DIGITS = 10;

  private FreshSecret() {}

  /** A name that nobody used or will use: a Secret is taken once. */
  static EnvSecret of(String service) {
    return new EnvSecret(name(service, Base32Digest.of(UUID.randomUUID().toString(), DIGITS)));
  }

  /** Whether the name was made up here, for that service. */
  static boolean isOne(String service, String secret) {
    var begin = service.length() + 1;
    return secret != null
        && secret.length() == begin + 2 * DIGITS
        && secret.equals(name(service, secret.substring(begin, begin + DIGITS)));
  }

  private static String name(String service, String random) {
    return "%s-%s%s".formatted(service, random, Base32Digest.of(service + "/" + random, DIGITS));
  }
}
