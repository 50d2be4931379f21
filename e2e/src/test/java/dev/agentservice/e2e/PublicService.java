package dev.agentservice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.PublicHost;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A service with a public URL, for those who may have it and for those who would forge one. */
record PublicService(Tenant tenant, String name, ApiCaller user) {

  /** Every token that a test has held: none may be found anywhere afterwards. */
  static final Set<String> TOKENS = ConcurrentHashMap.newKeySet();

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  String host() {
    return PublicHost.of(uid(), Gateway.DOMAIN);
  }

  String origin() {
    return "https://" + host() + ":" + Gateway.PORT;
  }

  String uid() {
    return tenant.service(name).getMetadata().getUid();
  }

  void awaitUrl() {
    tenant.await(
        name, service -> assertThat(service.getStatus().publicUrl()).isEqualTo(origin() + "/"));
  }

  /** As the API gives it out. */
  String url() {
    var id = tenant.service(name).getStatus().id();
    var url = user.get("/d/services/" + id + "/url").body().path("public_url").asText();
    assertThat(url).startsWith(origin() + "/?edge_token=1.");
    TOKENS.add(url.split("edge_token=", 2)[1]);
    return url;
  }

  String token() {
    return url().split("edge_token=", 2)[1];
  }

  /** What a browser keeps once it has opened the link. */
  String session() {
    var opened = GatewayCaller.send(host(), request("GET", "/?edge_token=" + token()));
    assertThat(opened.status()).as(opened.body()).isEqualTo(303);
    var cookie = opened.headers().get("set-cookie").split(";", 2)[0];
    TOKENS.add(cookie.split("=", 2)[1]);
    return cookie;
  }

  /** The token with other claims, signed with the installation's own key. */
  String forged(String claim, Object value) {
    var parts = token().split("\\.", -1);
    var claims =
        (ObjectNode)
            json(new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8));
    claims.putPOJO(claim, value);
    var signed =
        parts[0]
            + "."
            + parts[1]
            + "."
            + BASE64.encodeToString(Serialization.asJson(claims).getBytes(StandardCharsets.UTF_8));
    return signed + "." + BASE64.encodeToString(signature(signed, key(parts[1])));
  }

  void revoke() {
    tenant.bash(
        "kubectl annotate --overwrite agentservice %s %s=$(date +%%s%%N)"
            .formatted(name, Names.URL_EPOCH_ANNOTATION));
  }

  String request(String method, String path, String... headers) {
    var head = method + " " + path + " HTTP/1.1\r\nHost: " + host();
    return headers.length == 0
        ? head + "\r\nConnection: close"
        : head + "\r\nConnection: close\r\n" + String.join("\r\n", headers);
  }

  /** A key that signs from now on, beside those that are there; gives its id. */
  static String addKey() {
    var id = Cluster.bash("date -u +%Y%m%dT%H%M%SZ").strip();
    var key = Cluster.bash("head -c 32 /dev/urandom | base64").strip();
    ring()
        .edit(
            secret -> {
              secret.getData().put(id, key);
              return secret;
            });
    return id;
  }

  private static byte[] key(String id) {
    return Base64.getDecoder().decode(ring().get().getData().get(id));
  }

  private static Resource<Secret> ring() {
    return Cluster.client()
        .secrets()
        .inNamespace("agentservice-system")
        .withName("agentservice-api-signing-keys");
  }

  private static byte[] signature(String text, byte[] key) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(String text) {
    return Serialization.unmarshal(text, JsonNode.class);
  }
}
