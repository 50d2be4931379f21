package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One immutable recipe, made and owned by an {@link AgentDeployment} and named after its content. */
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("agentversions")
@ShortNames("agv")
@Categories("agents")
public class AgentVersion extends CustomResource<AgentVersionSpec, AgentVersionStatus>
    implements Namespaced {}
