package dev.agentservice.operator.edge;

/** Installations with public URLs, as the chart tells the operator. */
public final class SampleUrls {

  private static final String SENTINEL =
      """
      "sentinel": {"service": "agentservice-edge", "servicePort": 80, "address": "", "verifyTls": true}""";

  public static final String GATEWAY =
      """
      {"mode": "gateway", "domain": "agents.example.com", "port": 443, %s,
       "gateway": {"parentRefs": [{"name": "public", "namespace": "gateways", "sectionName": "https"}],
                   "extensionRefs": [{"group": "gateway.example", "kind": "Auth", "name": "agents"}]}}"""
          .formatted(SENTINEL);

  public static final String INGRESS =
      """
      {"mode": "ingress", "domain": "agents.example.com", "port": 8443, %s,
       "ingress": {"className": "nginx", "annotations": {"auth-url": "http://edge/"}, "tlsSecretName": "tls"}}"""
          .formatted(SENTINEL);

  public static final String PROXY =
      """
      {"mode": "proxy", "domain": "agents.example.com", "port": 443, %s}"""
          .formatted(SENTINEL);

  private SampleUrls() {}

  public static PublicUrlSettings of(String json) {
    return PublicUrlSettings.parse(json).orElseThrow();
  }
}
