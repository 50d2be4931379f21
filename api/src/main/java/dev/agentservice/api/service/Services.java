package dev.agentservice.api.service;

import dev.agentservice.api.auth.Access;
import dev.agentservice.api.catalog.Catalog;
import dev.agentservice.api.http.Call;
import dev.agentservice.api.problem.ErrorCode;
import dev.agentservice.api.problem.Problem;
import dev.agentservice.api.service.ServiceDocument.KnownRecipe;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentDeploymentStatus;
import dev.agentservice.v1alpha1.AgentService;
import dev.agentservice.v1alpha1.AgentServiceStatus;
import dev.agentservice.v1alpha1.AgentVersion;
import dev.agentservice.v1alpha1.Names;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The services that a call's path speaks of, and how they are shown. One of which it is not known
 * what it runs, for it was applied before its deployment, belongs to nothing that this API could
 * show.
 */
public final class Services {

  /** What a service of this API was created to listen on. */
  static final String PORT_ANNOTATION = Names.GROUP + "/port";

  private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

  private final Catalog catalog;
  private final Function<AgentService, Optional<String>> publicUrls;

  /**
   * Shows what the catalog has.
   *
   * @param publicUrls signs a service's URL, where it has one
   */
  public Services(Catalog catalog, Function<AgentService, Optional<String>> publicUrls) {
    this.catalog = catalog;
    this.publicUrls = publicUrls;
  }

  /**
   * The service that {@code {deployment}} and {@code {id}} of the path name.
   *
   * @throws Problem {@code service_not_found}, also where it is another tenant's
   */
  public AgentService find(Call call) {
    return catalog
        .service(call.namespace(), call.path("deployment"), call.path("id"))
        .filter(service -> recipe(service, catalog::deployment, catalog::version).isComplete())
        .orElseThrow(
            () ->
                new Problem(
                    ErrorCode.SERVICE_NOT_FOUND,
                    "There is no service %s of agent deployment %s."
                        .formatted(
                            Quoted.name(call.path("id")), Quoted.name(call.path("deployment")))));
  }

  /** As the caller may see it: a URL is signed for those alone who may have one. */
  public ServiceDocument document(Call call, AgentService service) {
    return document(call, service, recipe(service, catalog::deployment, catalog::version));
  }

  /** As {@link #document}, as far as this replica knows: a list asks nobody. */
  ServiceDocument knownDocument(Call call, AgentService service) {
    return document(call, service, knownRecipe(service));
  }

  private ServiceDocument document(Call call, AgentService service, KnownRecipe recipe) {
    var url = publicUrls.apply(service).filter(_ -> call.may(Access.GET_URL, null));
    return ServiceDocument.of(service, recipe, url.orElse(null));
  }

  /** What it runs, as far as this replica knows: a list asks nobody. */
  KnownRecipe knownRecipe(AgentService service) {
    return recipe(service, catalog::knownDeployment, catalog::knownVersion);
  }

  private static KnownRecipe recipe(
      AgentService service,
      BiFunction<String, String, Optional<AgentDeployment>> deployments,
      BiFunction<String, String, Optional<AgentVersion>> versions) {
    var status = Optional.ofNullable(service.getStatus());
    var resolved = status.map(AgentServiceStatus::versionId);
    if (resolved.isPresent() && status.get().port() != null) {
      return new KnownRecipe(resolved.get(), status.get().port());
    }
    var namespace = service.getMetadata().getNamespace();
    var deployment = deployments.apply(namespace, service.getSpec().deployment());
    var version =
        Optional.ofNullable(service.getSpec().version())
            .or(
                () ->
                    deployment
                        .flatMap(found -> Optional.ofNullable(found.getStatus()))
                        .map(AgentDeploymentStatus::activeVersion));
    var port =
        version
            .flatMap(name -> versions.apply(namespace, name))
            .map(found -> found.getSpec().template().port())
            .or(() -> deployment.map(found -> found.getSpec().template().port()))
            .or(() -> recordedPort(service));
    return new KnownRecipe(version.orElse(null), port.orElse(null));
  }

  /** The port of a service whose recipe was deleted before the operator looked at it. */
  private static Optional<Integer> recordedPort(AgentService service) {
    return Optional.ofNullable(service.getMetadata().getAnnotations().get(PORT_ANNOTATION))
        .filter(text -> PORT.matcher(text).matches())
        .map(Integer::valueOf);
  }
}
