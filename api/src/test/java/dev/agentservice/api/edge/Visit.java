package dev.agentservice.api.edge;

import dev.agentservice.api.edge.Claims.Use;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceSpecBuilder;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentServiceStatusBuilder;
import dev.agentservice.v1alpha1.Names;
import dev.agentservice.v1alpha1.Phase;
import dev.agentservice.v1alpha1.PublicHost;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Somebody who comes to the public host of a service, for tests. Each method changes one thing
 * about how they come or about what has become of the service.
 */
record Visit(
    Map<String, List<String>> headers,
    List<AgentService> services,
    boolean heard,
    Map<String, byte[]> keys,
    Instant now) {

  static final String DOMAIN = "agents.example.com";
  static final PublicAddress ADDRESS = new PublicAddress(DOMAIN);
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final String KEY_ID = "20260101T000000Z";
  static final byte[] KEY = "a key of at least thirty-two bytes".getBytes(StandardCharsets.UTF_8);
  static final AgentService SHOP = service("team-a", "shop", "uid-1");

  static Visit of(AgentService service) {
    return new Visit(Map.of(), List.of(service), true, Map.of(KEY_ID, KEY), NOW)
        .method("GET")
        .host(ADDRESS.hostOf(service))
        .uri("/");
  }

  static AgentService service(String namespace, String name, String uid) {
    var service = new AgentService();
    service.setMetadata(
        new ObjectMetaBuilder().withNamespace(namespace).withName(name).withUid(uid).build());
    service.setSpec(AgentServiceSpecBuilder.builder().deployment("d").build());
    service.setStatus(
        AgentServiceStatusBuilder.builder()
            .phase(Phase.READY)
            .port(8080)
            .publicUrl("https://" + PublicHost.of(uid, DOMAIN) + "/")
            .build());
    return service;
  }

  static String token(AgentService service, Use use) {
    return EdgeToken.sign(Claims.of(service, use, NOW.plus(Duration.ofMinutes(15))), KEY_ID, KEY);
  }

  Visit session() {
    return cookie(token(SHOP, Use.SESSION));
  }

  Visit cookie(String token) {
    return header("Cookie", EdgeRequest.COOKIE + "=" + token);
  }

  Visit token(String token) {
    return header("X-Edge-Token", token);
  }

  Visit method(String method) {
    return header("X-Forwarded-Method", method);
  }

  Visit host(String host) {
    return header("X-Forwarded-Host", host);
  }

  Visit uri(String uri) {
    return header("X-Forwarded-Uri", uri);
  }

  Visit header(String name, String... values) {
    var changed = new TreeMap<>(headers);
    changed.put(name.toLowerCase(Locale.ROOT), List.of(values));
    return new Visit(changed, services, heard, keys, now);
  }

  Visit at(Duration later) {
    return new Visit(headers, services, heard, keys, NOW.plus(later));
  }

  Visit unheard() {
    return new Visit(headers, services, false, keys, now);
  }

  Visit keys(Map<String, byte[]> others) {
    return new Visit(headers, services, heard, others, now);
  }

  Visit gone() {
    return new Visit(headers, List.of(), heard, keys, now);
  }

  Visit andAnother(AgentService service) {
    var all = new ArrayList<>(services);
    all.add(service);
    return new Visit(headers, all, heard, keys, now);
  }

  Visit status(UnaryOperator<AgentServiceStatus> change) {
    return services(
        service -> {
          service.setStatus(change.apply(service.getStatus()));
        });
  }

  Visit epoch(String epoch) {
    return services(
        service -> service.getMetadata().setAnnotations(Map.of(Names.URL_EPOCH_ANNOTATION, epoch)));
  }

  Visit deleted() {
    return services(service -> service.getMetadata().setDeletionTimestamp(NOW.toString()));
  }

  private Visit services(Consumer<AgentService> change) {
    var changed =
        services.stream()
            .map(
                service -> {
                  var copy =
                      service(
                          service.getMetadata().getNamespace(),
                          service.getMetadata().getName(),
                          service.getMetadata().getUid());
                  change.accept(copy);
                  return copy;
                })
            .toList();
    return new Visit(headers, changed, heard, keys, now);
  }

  Optional<EdgeRequest> request() {
    return EdgeRequest.of(name -> headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
  }

  EdgeReason authorized() {
    return request()
        .map(asked -> Decision.authorize(asked, known()))
        .orElse(Decision.UNCLEAR)
        .reason();
  }

  EdgeReason exchanged() {
    return request()
        .map(asked -> Decision.exchange(asked, known()))
        .orElse(Decision.UNCLEAR)
        .reason();
  }

  private Decision.Known known() {
    return new Decision.Known(
        ADDRESS, heard, services, id -> Optional.ofNullable(keys.get(id)), now);
  }

  @Override
  public String toString() {
    return "";
  }
}
