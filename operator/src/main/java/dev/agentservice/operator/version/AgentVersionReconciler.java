package dev.agentservice.operator.version;

import dev.agentservice.operator.QuietWhenDeleted;
import dev.agentservice.v1alpha1.AgentDeployment;
import dev.agentservice.v1alpha1.AgentVersion;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Keeps each version's conditions true. */
@ControllerConfiguration(name = AgentVersionReconciler.NAME)
public final class AgentVersionReconciler
    implements Reconciler<AgentVersion>, QuietWhenDeleted<AgentVersion> {

  public static final String NAME = "agentversion";

  private static final String BY_DEPLOYMENT = "by-deployment";

  private final Clock clock;
  private InformerEventSource<AgentDeployment, AgentVersion> deployments;

  public AgentVersionReconciler(Clock clock) {
    this.clock = clock;
  }

  @Override
  public List<EventSource<?, AgentVersion>> prepareEventSources(
      EventSourceContext<AgentVersion> context) {
    var versions = context.getPrimaryCache();
    versions.addIndexers(
        Map.of(BY_DEPLOYMENT, version -> List.of(deploymentOf(version).toString())));
    deployments =
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(AgentDeployment.class, AgentVersion.class)
                .withSecondaryToPrimaryMapper(
                    deployment ->
                        versions
                            .byIndex(BY_DEPLOYMENT, ResourceID.fromResource(deployment).toString())
                            .stream()
                            .map(ResourceID::fromResource)
                            .collect(Collectors.toSet()))
                // a version's provenance depends on the deployment's identity, not on its content
                .withOnUpdateFilter(
                    (now, before) ->
                        !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid()))
                .build(),
            context);
    return List.of(deployments);
  }

  @Override
  public UpdateControl<AgentVersion> reconcile(
      AgentVersion version, Context<AgentVersion> context) {
    if (version.isMarkedForDeletion()) {
      return UpdateControl.noUpdate();
    }
    var status = VersionStatus.of(version, deployments.get(deploymentOf(version)), clock.instant());
    if (!status.equals(version.getStatus())) {
      version.setStatus(status);
      context.resourceOperations().updatePrimaryStatus(version);
    }
    return UpdateControl.noUpdate();
  }

  private static ResourceID deploymentOf(AgentVersion version) {
    return new ResourceID(version.getSpec().deployment(), version.getMetadata().getNamespace());
  }
}
