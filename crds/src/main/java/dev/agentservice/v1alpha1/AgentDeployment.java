package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** What to run and what it may do. A change of its template cuts an {@link AgentVersion}. */
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("agentdeployments")
@ShortNames("agd")
@Categories("agents")
public class AgentDeployment extends CustomResource<AgentDeploymentSpec, AgentDeploymentStatus>
    implements Namespaced {}
