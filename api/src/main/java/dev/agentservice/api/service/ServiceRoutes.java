package dev.agentservice.api.service;

import dev.agentservice.api.auth.Access;
import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.http.Answer;
import dev.agentservice.api.http.Call;
import dev.agentservice.api.http.Gate;
import dev.agentservice.api.http.Page;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.Phase;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** The calls about services. */
public final class ServiceRoutes implements HttpService {

  private static final String SERVICES = "/{deployment}/services";
  private static final String SERVICE = SERVICES + "/{id}";

  private final Gate gate;
  private final Catalog catalog;
  private final Services services;
  private final Creation creation;
  private final Stop stop;
  private final Restart restart;
  private final CreateRate rate;

  public ServiceRoutes(
      Gate gate,
      Catalog catalog,
      Services services,
      Creation creation,
      Stop stop,
      Restart restart,
      CreateRate rate) {
    this.gate = gate;
    this.catalog = catalog;
    this.services = services;
    this.creation = creation;
    this.stop = stop;
    this.restart = restart;
    this.rate = rate;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .post(SERVICES, gate.open(Access.CREATE_SERVICE, this::create))
        .get(SERVICES, gate.open(Access.LIST_SERVICES, this::list))
        .any(SERVICES, Gate.only("GET, POST"))
        .get(SERVICE, gate.open(Access.GET_SERVICE, this::get))
        .any(SERVICE, Gate.only("GET"))
        .post(SERVICE + "/stop", gate.open(Access.CHANGE_SERVICE, this::stop))
        .any(SERVICE + "/stop", Gate.only("POST"))
        .post(SERVICE + "/restart", gate.open(Access.CHANGE_SERVICE, this::restart))
        .any(SERVICE + "/restart", Gate.only("POST"))
        .get(SERVICE + "/url", gate.open(Access.GET_URL, this::url))
        .any(SERVICE + "/url", Gate.only("GET"));
  }

  private Answer create(Call call) {
    call.onlyQuery(Set.of());
    var key = IdempotencyKey.required(call.header(IdempotencyKey.HEADER));
    rate.count(call.namespace());
    var request = CreateRequest.parse(call.body());
    var deployment = call.path("deployment");
    var result = creation.create(call.caller(), deployment, key, request);
    var document = services.document(call, result.service());
    var location = "/v1/agent-deployments/%s/services/%s".formatted(deployment, document.id());
    return Answer.created(
        document,
        result.replayed()
            ? Map.of("Location", location, "Idempotent-Replayed", "true")
            : Map.of("Location", location));
  }

  private Answer list(Call call) {
    call.onlyQuery(Set.of("status", "version_id", "limit", "cursor"));
    var status = call.query("status");
    status.ifPresent(ServiceRoutes::requirePhase);
    var version = call.query("version_id");
    var deployment = call.path("deployment");
    var found =
        catalog.services(call.namespace(), deployment).stream()
            .filter(service -> services.knownRecipe(service).isComplete())
            .toList();
    if (found.isEmpty() && catalog.deployment(call.namespace(), deployment).isEmpty()) {
      throw Recipes.deploymentNotFound(deployment);
    }
    var wanted =
        found.stream()
            .filter(
                service ->
                    status.map(phase(service)::equals).orElse(true)
                        && version
                            .map(services.knownRecipe(service).version()::equals)
                            .orElse(true))
            .toList();
    return Answer.ok(
        Page.of(
            wanted,
            call.query("cursor").orElse(null),
            call.limit(),
            service -> services.knownDocument(call, service)));
  }

  private static String phase(AgentService service) {
    return (service.getStatus() == null ? Phase.STARTING : service.getStatus().phase()).word();
  }

  private static void requirePhase(String word) {
    if (Arrays.stream(Phase.values()).noneMatch(phase -> phase.word().equals(word))) {
      throw new Problem(
          ErrorCode.INVALID_PARAMETER,
          "status must be one of "
              + String.join(", ", Arrays.stream(Phase.values()).map(Phase::word).toList()));
    }
  }

  private Answer get(Call call) {
    call.onlyQuery(Set.of());
    return Answer.ok(services.document(call, services.find(call)));
  }

  private Answer stop(Call call) {
    call.onlyQuery(Set.of());
    var request = StopRequest.parse(call.body());
    return Answer.ok(services.document(call, stop.stop(services.find(call), request)));
  }

  private Answer restart(Call call) {
    call.onlyQuery(Set.of());
    var key = IdempotencyKey.optional(call.header(IdempotencyKey.HEADER));
    var request = RestartRequest.parse(call.body());
    return Answer.ok(
        services.document(call, restart.restart(call.caller(), services.find(call), key, request)));
  }

  private Answer url(Call call) {
    call.onlyQuery(Set.of());
    return Answer.ok(ServiceUrlDocument.of(services.document(call, services.find(call))));
  }
}
