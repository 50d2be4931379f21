package dev.agentservice.v1alpha1;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.BOOLEAN;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** What to run and what it may do. A change of its template cuts an {@link AgentVersion}. */
@ValidationRule(
    value = "!self.metadata.name.contains('.') && size(self.metadata.name) <= 45",
    message =
        "metadata.name must have no dots and at most 45 characters: names of versions begin with it")
@ValidationRule(
    value =
        "!has(self.spec.activeVersion) || self.spec.activeVersion.startsWith(self.metadata.name + '-')",
    fieldPath = ".spec.activeVersion",
    message =
        "spec.activeVersion must be a version of this deployment: its name begins with metadata.name and a dash")
@AdditionalPrinterColumn(name = "Active", jsonPath = ".status.activeVersion")
@AdditionalPrinterColumn(name = "Latest", jsonPath = ".status.latestVersion")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.services.ready", type = INTEGER)
@AdditionalPrinterColumn(
    name = "Warm",
    jsonPath = ".status.warmReady",
    type = INTEGER,
    priority = 1)
@AdditionalPrinterColumn(name = "Image", jsonPath = ".spec.template.image", priority = 1)
@AdditionalPrinterColumn(
    name = "Suspended",
    jsonPath = ".spec.suspended",
    type = BOOLEAN,
    priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = DATE)
@Group(Names.GROUP)
@Version(Names.VERSION)
@Plural("agentdeployments")
@ShortNames("agd")
@Categories("agents")
public class AgentDeployment extends CustomResource<AgentDeploymentSpec, AgentDeploymentStatus>
    implements Namespaced {

  /** By which a child says that it belongs to this deployment. */
  public OwnerReference ownerReference() {
    return Controller.reference(this);
  }
}
