package dev.agentservice.api.deployment;

import dev.agentservice.api.auth.Access;
import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.http.Answer;
import dev.agentservice.api.http.Call;
import dev.agentservice.api.http.Gate;
import dev.agentservice.api.http.Page;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.v1alpha1.AgentDeployment;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.List;
import java.util.Set;

/** The calls that read deployments and versions. */
public final class DeploymentRoutes implements HttpService {

  private static final Set<String> PAGED = Set.of("limit", "cursor");

  private final Gate gate;
  private final Catalog catalog;

  public DeploymentRoutes(Gate gate, Catalog catalog) {
    this.gate = gate;
    this.catalog = catalog;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/", gate.open(Access.LIST_DEPLOYMENTS, this::list))
        .get("/{deployment}", gate.open(Access.GET_DEPLOYMENT, "deployment", this::get))
        .get("/{deployment}/versions", gate.open(Access.LIST_VERSIONS, this::listVersions))
        .get(
            "/{deployment}/versions/{version}",
            gate.open(Access.GET_VERSION, "version", this::getVersion));
    for (var path :
        List.of(
            "/", "/{deployment}", "/{deployment}/versions", "/{deployment}/versions/{version}")) {
      rules.any(path, Gate.only("GET"));
    }
  }

  private Answer list(Call call) {
    call.onlyQuery(PAGED);
    return Answer.ok(
        Page.of(
            catalog.deployments(call.namespace()),
            call.query("cursor").orElse(null),
            call.limit(),
            DeploymentDocument::of));
  }

  private Answer get(Call call) {
    call.onlyQuery(Set.of());
    return Answer.ok(DeploymentDocument.of(find(call)));
  }

  private Answer listVersions(Call call) {
    call.onlyQuery(PAGED);
    var deployment = find(call);
    return Answer.ok(
        Page.of(
            catalog.versions(call.namespace(), deployment.getMetadata().getName()),
            call.query("cursor").orElse(null),
            call.limit(),
            version -> VersionDocument.of(version, deployment)));
  }

  private Answer getVersion(Call call) {
    call.onlyQuery(Set.of());
    var deployment = find(call);
    return catalog
        .version(call.namespace(), call.path("version"))
        .filter(
            version -> version.getSpec().deployment().equals(deployment.getMetadata().getName()))
        .map(version -> Answer.ok(VersionDocument.of(version, deployment)))
        .orElseThrow(() -> new Problem(ErrorCode.VERSION_NOT_FOUND));
  }

  private AgentDeployment find(Call call) {
    return catalog
        .deployment(call.namespace(), call.path("deployment"))
        .orElseThrow(() -> new Problem(ErrorCode.DEPLOYMENT_NOT_FOUND));
  }
}
