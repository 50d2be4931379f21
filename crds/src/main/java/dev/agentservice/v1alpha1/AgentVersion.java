package dev.agentservice.v1alpha1;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One immutable recipe, made and owned by an {@link AgentDeployment} and named after its content.
 */
@ValidationRule(
    value =
        "self.metadata.name.startsWith(self.spec.deployment + '-') && size(self.metadata.name) <= 63",
    message =
        "metadata.name must be spec.deployment, a dash and a hash, at most 63 characters in all")
@AdditionalPrinterColumn(name = "Deployment", jsonPath = ".spec.deployment")
@AdditionalPrinterColumn(name = "Number", jsonPath = ".spec.number", type = INTEGER)
@AdditionalPrinterColumn(name = "Image", jsonPath = ".spec.template.image")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = DATE)
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("agentversions")
@ShortNames("agv")
@Categories("agents")
public class AgentVersion extends CustomResource<AgentVersionSpec, AgentVersionStatus>
    implements Namespaced {}
