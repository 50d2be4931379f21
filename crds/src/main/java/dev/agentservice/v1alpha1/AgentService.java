package dev.agentservice.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One agent, running in one sandbox pod behind one Service. */
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("agentservices")
@ShortNames("asvc")
@Categories("agents")
public class AgentService extends CustomResource<AgentServiceSpec, AgentServiceStatus>
    implements Namespaced {}
