package dev.agentservice.e2e;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A running agent, called by the API server's proxy, which reaches it on any cluster.
 *
 * @param target its Service, or its pod
 */
record Agent(Tenant tenant, String target) {

  String get(String path) {
    return call(path, "GET", null);
  }

  String post(String path, String body) {
    return call(path, "POST", body);
  }

  /** Tells the agent to do what may end it before it has answered. */
  void misbehave(String path) {
    try {
      post(path, "");
    } catch (KubernetesClientException e) {
      // the test sees in the service's status what came of it
    }
  }

  /** Whether the agent's process has this env value, without the value leaving it. */
  boolean has(String name, String value) {
    var nonce = UUID.randomUUID().toString();
    return get("/env/%s/digest?nonce=%s".formatted(name, nonce))
        .strip()
        .equals(digest(value, nonce));
  }

  private String call(String path, String method, String body) {
    return tenant
        .client()
        .raw(
            "/api/v1/namespaces/%s/%s:%d/proxy%s"
                .formatted(tenant.namespace(), target, Tenant.PORT, path),
            method,
            body);
  }

  private static String digest(String key, String nonce) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(nonce.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
