package dev.agentservice.api.service;

import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.http.Call;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.api.service.ServiceDocument.KnownRecipe;
import dev.agentservice.v1alpha1.AgentService;
import java.util.Optional;

/** The services that a call's path speaks of, and how they are shown. */
public final class Services {

  private final Catalog catalog;

  public Services(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The service that {@code {deployment}} and {@code {id}} of the path name.
   *
   * @throws Problem {@code service_not_found}, also where it is another tenant's
   */
  public AgentService find(Call call) {
    return catalog
        .service(call.namespace(), call.path("deployment"), call.path("id"))
        .filter(this::isResolved)
        .orElseThrow(
            () ->
                new Problem(
                    ErrorCode.SERVICE_NOT_FOUND,
                    "There is no service %s of agent deployment %s."
                        .formatted(
                            Quoted.name(call.path("id")), Quoted.name(call.path("deployment")))));
  }

  public ServiceDocument document(AgentService service) {
    return ServiceDocument.of(service, recipe(service));
  }

  /**
   * Whether it is known what the service runs. One that was applied before its deployment belongs
   * to nothing that this API could show.
   */
  boolean isResolved(AgentService service) {
    var document = document(service);
    return document.versionId() != null && document.port() != null;
  }

  private KnownRecipe recipe(AgentService service) {
    if (service.getStatus() != null && service.getStatus().port() != null) {
      return new KnownRecipe(service.getStatus().versionId(), service.getStatus().port());
    }
    var namespace = service.getMetadata().getNamespace();
    var deployment = catalog.deployment(namespace, service.getSpec().deployment());
    var version =
        Optional.ofNullable(service.getSpec().version())
            .or(
                () ->
                    deployment
                        .flatMap(found -> Optional.ofNullable(found.getStatus()))
                        .map(status -> status.activeVersion()));
    var port =
        version
            .flatMap(name -> catalog.version(namespace, name))
            .map(found -> found.getSpec().template().port())
            .or(() -> deployment.map(found -> found.getSpec().template().port()));
    return new KnownRecipe(version.orElse(null), port.orElse(null));
  }
}
