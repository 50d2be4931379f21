package dev.agentservice.v1alpha1;

/**
 * The host name under which a service is reached from outside. It derives from the UID, so that no
 * tenant can choose one, and none is ever used by a second service.
 */
public final class PublicHost {

  /** What every such host's first label begins with. */
  public static final String PREFIX = "s-";

  /** 130 bits: nobody finds a UID that collides. */
  private static final int DIGITS = 26;

  private PublicHost() {}

  /**
   * The host of one service.
   *
   * @param uid the AgentService's {@code metadata.uid}
   * @param domain the installation's, such as {@code agents.example.com}
   * @return such as {@code s-mfrggzdfmztwq2lknnwg23tpoa.agents.example.com}
   */
  public static String of(String uid, String domain) {
    return PREFIX + Base32Digest.of(uid, DIGITS) + "." + domain;
  }
}
