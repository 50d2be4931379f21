package dev.agentservice.operator.edge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How services get their public URLs here.
 *
 * @param domain below which each service has its host
 * @param port of all public URLs
 * @param gateway for {@link Mode#GATEWAY}
 * @param ingress for {@link Mode#INGRESS}
 */
public record PublicUrlSettings(
    Mode mode, String domain, int port, Gateway gateway, Ingress ingress, Sentinel sentinel) {

  /** What the operator makes for a service. */
  public enum Mode {
    /** There are no public URLs. */
    @JsonProperty("none")
    NONE,
    /** An HTTPRoute of the Gateway API. */
    @JsonProperty("gateway")
    GATEWAY,
    /** An Ingress. */
    @JsonProperty("ingress")
    INGRESS,
    /** Nothing: a proxy in front goes where the authorizer's answer says. */
    @JsonProperty("proxy")
    PROXY
  }

  /**
   * The gateways that serve HTTPRoutes.
   *
   * @param extensionRefs filters of the gateway's own kind that ask the authorizer; empty where the
   *     gateway itself has such a policy
   */
  public record Gateway(List<ParentReference> parentRefs, List<ExtensionRef> extensionRefs) {}

  /** A filter of some gateway's own kind, in the route's namespace. */
  public record ExtensionRef(String group, String kind, String name) {}

  /**
   * How Ingresses look.
   *
   * @param annotations those by which its controller asks the authorizer
   * @param tlsSecretName in the service's namespace; empty: the controller's own certificate
   */
  public record Ingress(String className, Map<String, String> annotations, String tlsSecretName) {}

  /**
   * What is asked whether callers without credentials are refused.
   *
   * @param service what answers where nobody is refused, in the operator's namespace
   * @param address where the gateway is, as {@code host:port}; empty: where its name leads
   * @param verifyTls whether its certificate must be one that the JVM trusts
   */
  public record Sentinel(String service, int servicePort, String address, boolean verifyTls) {}

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,200}[a-z0-9])?");
  private static final Pattern ADDRESS = Pattern.compile("|[^:]+:[0-9]{1,5}");
  private static final int HTTPS = 443;

  /**
   * Reads it.
   *
   * @param json as the chart writes it; empty: there are no public URLs
   * @throws IllegalArgumentException where it makes no sense
   */
  public static Optional<PublicUrlSettings> parse(String json) {
    if (json.isBlank()) {
      return Optional.empty();
    }
    try {
      var settings = JSON.readValue(json, PublicUrlSettings.class);
      if (settings.mode == Mode.NONE) {
        return Optional.empty();
      }
      settings.check();
      return Optional.of(settings);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("PUBLIC_URL: " + e.getOriginalMessage(), e);
    }
  }

  private void check() {
    require(mode != null, "needs a mode");
    require(
        domain != null && DOMAIN.matcher(domain).matches(),
        "needs a domain such as agents.example.com");
    require(
        mode != Mode.GATEWAY || (gateway != null && !gateway.parentRefs().isEmpty()),
        "needs a gateway");
    require(mode != Mode.INGRESS || ingress != null, "needs to know how an Ingress looks");
    require(
        sentinel != null && ADDRESS.matcher(sentinel.address()).matches(),
        "needs a sentinel, with an address such as gateway.example:443 or none");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("PUBLIC_URL " + otherwise);
    }
  }

  /** The base URL of a host. */
  public String url(String host) {
    return "https://" + host + (port == HTTPS ? "" : ":" + port) + "/";
  }
}
